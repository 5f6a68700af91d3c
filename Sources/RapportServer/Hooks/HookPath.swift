import RapportChannels

/// The parts of `/in/{adapter}/…`.
package struct HookPath: Hashable {
    var adapter: String
    /// With its leading slash, decoded segment by segment; empty when nothing follows.
    var rest: String

    /// `nil` when the path is no hook's, is not percent-encoded UTF-8, or takes too long to be compared with anything
    /// (`String.isStreamSafe`).
    package init?(_ path: String) {
        let slash = UInt8(ascii: "/")
        let segments = path.utf8.split(separator: slash, maxSplits: 3, omittingEmptySubsequences: false)
        guard segments.count >= 3, segments[0].isEmpty, segments[1].elementsEqual("in".utf8) else { return nil }
        guard let adapter = Self.decode(segments[2]) else { return nil }
        self.adapter = adapter
        rest = ""
        guard segments.count == 4 else { return }
        for segment in segments[3].split(separator: slash, omittingEmptySubsequences: false) {
            guard let decoded = Self.decode(segment) else { return nil }
            rest += "/" + decoded
        }
    }

    private static func decode(_ segment: Substring.UTF8View) -> String? {
        var text: String? = String(Substring(segment))
        if segment.contains(UInt8(ascii: "%")) {
            guard let bytes = try? PercentCoding.decode(segment, plusIsSpace: false) else { return nil }
            text = String(validating: bytes, as: UTF8.self)
        }
        return text.flatMap { $0.isStreamSafe ? $0 : nil }
    }
}
