import Foundation

/// A file of cases, in JSON: one policy with its cases, or several.
package struct PolicyCaseFile: Sendable {
    package struct Suite: Sendable {
        package var policy: ContactPolicy
        package var cases: [PolicyCase]
    }

    /// The name it was read by; `nil` for text that came from no file.
    package let file: String?
    package let suites: [Suite]

    /// Reads a file of cases; policies that it names are looked for from its folder.
    ///
    /// - Throws: `PolicyFileError`, for the file itself or for a policy that it names.
    package init(contentsOf path: String, zones: ZoneDatabase = .system) throws(PolicyFileError) {
        let text = try PolicyText.read(path, maximumSize: JSONDocument.maximumSize)
        let folder = URL(filePath: path).deletingLastPathComponent()
        try self.init(json: text, file: path, zones: zones) { name throws(PolicyFileError) in
            try ContactPolicy(contentsOf: folder.appending(path: name).path, zones: zones)
        }
    }

    /// - Parameter policy: compiles the policy file of a relative path.
    /// - Throws: `PolicyFileError`, also what `policy` throws.
    package init(
        json: String, file: String? = nil, zones: ZoneDatabase = .system,
        policy: (String) throws(PolicyFileError) -> ContactPolicy
    ) throws(PolicyFileError) {
        let root: DocumentNode
        do {
            root = try JSONDocument.parse(json)
        } catch {
            throw PolicyFileError(file: file, problems: error.problems)
        }
        let problems = Problems()
        let bytes = Array(json.utf8)
        var suites: [Suite] = []
        var known: [String: ContactPolicy] = [:]
        for (node, path) in PolicyCaseFile.objects(root) {
            guard let fields = FieldReader(node, path, keys: ["policy", "cases"], problems) else { continue }
            let cases = fields.list("cases") { PolicyCaseReader.read($0, $1, problems) }
            let expected = "a path or a policy"
            guard let source = fields.required("policy", expected) else { continue }
            if case .mapping = source.content {
                let version = ContactPolicy.version(of: bytes[source.extent])
                let inline = ContactPolicy(
                    source, path: fields.place("policy"), version: version, zones: zones, problems)
                if let inline, let cases { suites.append(Suite(policy: inline, cases: cases)) }
                continue
            }
            guard case .quoted(let name) = source.content, !name.isEmpty, !name.hasPrefix("/") else {
                let _: Never? = fields.mismatch(source, fields.place("policy"), "a relative path or a policy")
                continue
            }
            let compiled: ContactPolicy
            if let policy = known[name] { compiled = policy } else { compiled = try policy(name) }
            known[name] = compiled
            if let cases { suites.append(Suite(policy: compiled, cases: cases)) }
        }
        try problems.throwIfAny(file: file)
        self.file = file
        self.suites = suites
    }

    /// One object, or an array of them, each with its path.
    private static func objects(_ root: DocumentNode) -> [(DocumentNode, String)] {
        guard case .sequence(let items) = root.content else { return [(root, "")] }
        return items.enumerated().map { ($1, "[\($0)]") }
    }
}
