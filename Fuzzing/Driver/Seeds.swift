import Foundation
import RapportHostileParsers

/// What a fuzzer starts from: a folder of inputs and a dictionary, made anew for every run.
struct Seeds {
    let parser: HostileParser
    /// The folder with `fixtures` and `conformance`, beside the repository; may be missing.
    let shared: String

    /// Writes `corpus/…`, `words.dict` and `size` below `folder`.
    func write(to folder: String) throws {
        let corpus = "\(folder)/corpus"
        try FileManager.default.createDirectory(atPath: corpus, withIntermediateDirectories: true)
        for (number, sample) in parser.samples.enumerated() {
            try Data(sample).write(to: URL(filePath: "\(corpus)/sample-\(number)"))
        }
        for path in parser.corpus { try copy(path, to: corpus) }
        try parser.words.enumerated().map { "w\($0.offset)=\"\(Self.escaped($0.element))\"\n" }.joined()
            .write(toFile: "\(folder)/words.dict", atomically: true, encoding: .utf8)
        try "\(parser.sizeLimit)\n".write(toFile: "\(folder)/size", atomically: true, encoding: .utf8)
    }

    private func copy(_ path: String, to corpus: String) throws {
        let root = URL(filePath: "\(shared)/\(path)")
        let inside = FileManager.default.enumerator(at: root, includingPropertiesForKeys: [.isRegularFileKey])
        var number = 0
        for case let file as URL in [root] + (inside.map { Array($0) } ?? [])
        where !file.lastPathComponent.hasSuffix(".meta.json") {
            guard let bytes = try? Data(contentsOf: file), bytes.count <= parser.sizeLimit else { continue }
            number += 1
            let name = path.replacing("/", with: "-")
            try (Data(parser.prefix) + bytes).write(to: URL(filePath: "\(corpus)/\(name)-\(number)"))
        }
    }

    /// As the dictionaries of libFuzzer write bytes that are not plain.
    private static func escaped(_ word: String) -> String {
        word.utf8.map { byte in
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): "\\\(Character(UnicodeScalar(byte)))"
            case 32..<127: String(UnicodeScalar(byte))
            default: "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
            }
        }.joined()
    }
}
