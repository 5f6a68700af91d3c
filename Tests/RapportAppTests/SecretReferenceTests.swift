import RapportYAML
import Testing

@testable import RapportApp

@Suite("Secrets are kept elsewhere")
struct SecretReferenceTests {
    private func reference(_ text: String, in setUp: ExampleSetUp) throws -> SecretReference {
        try SecretReference(YAMLValue.parse(text, file: "rapport.yaml"), folder: setUp.folder.path)
    }

    @Test("A file's secret is its text without the white space around it")
    func file() throws {
        let setUp = try ExampleSetUp()
        try setUp.write("  s3cret\n", to: "secrets/a")
        let reference = try reference("file:secrets/a", in: setUp)
        #expect(try reference.resolve().value == "s3cret")
        #expect(reference.description == "file:\(setUp.folder.path)/secrets/a")
    }

    @Test("A secret that is not there is told with the place that names it")
    func missing() throws {
        let setUp = try ExampleSetUp()
        try setUp.write("\n", to: "empty")
        let variable = try reference("env:RAPPORT_SURELY_NOT_SET", in: setUp)
        #expect {
            try variable.resolve()
        } throws: {
            "\($0)" == "rapport.yaml:1:1: the environment variable RAPPORT_SURELY_NOT_SET is not set"
        }
        let gone = try reference("file:gone", in: setUp)
        #expect {
            try gone.resolve()
        } throws: {
            "\($0)" == "rapport.yaml:1:1: the secret file \(setUp.folder.path)/gone can't be read"
        }
        let empty = try reference("file:empty", in: setUp)
        #expect {
            try empty.resolve()
        } throws: {
            "\($0)" == "rapport.yaml:1:1: the secret file \(setUp.folder.path)/empty is empty"
        }
    }

    @Test("A file too large for a secret is not taken for one")
    func large() throws {
        let setUp = try ExampleSetUp()
        try setUp.write(String(repeating: "x", count: 100_000), to: "large")
        #expect(throws: ConfigurationError.self) { try reference("file:large", in: setUp).resolve() }
    }
}
