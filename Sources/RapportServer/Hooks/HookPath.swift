import RapportChannels

/// The parts of `/in/{adapter}/…`.
package struct HookPath: Hashable {
    var adapter: String
    /// With its leading slash, decoded segment by segment; empty when nothing follows.
    var rest: String

    /// `nil` when the path is no hook's or is not percent-encoded UTF-8.
    package init?(_ path: String) {
        let segments = path.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
        guard segments.count >= 3, segments[0].isEmpty, segments[1] == "in" else { return nil }
        guard let adapter = Self.decode(segments[2]) else { return nil }
        self.adapter = adapter
        rest = ""
        guard segments.count == 4 else { return }
        for segment in segments[3].split(separator: "/", omittingEmptySubsequences: false) {
            guard let decoded = Self.decode(segment) else { return nil }
            rest += "/" + decoded
        }
    }

    private static func decode(_ segment: Substring) -> String? {
        guard let bytes = try? PercentCoding.decode(Array(segment.utf8), plusIsSpace: false) else { return nil }
        return String(validating: bytes, as: UTF8.self)
    }
}
