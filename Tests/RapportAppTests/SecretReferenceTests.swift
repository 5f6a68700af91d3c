import RapportYAML
import Testing

@testable import RapportApp

@Suite("Secrets are kept elsewhere")
struct SecretReferenceTests {
    private func reference(_ text: String, in setUp: ExampleSetUp) throws -> SecretReference {
        try SecretReference(YAMLValue.parse(text, file: "rapport.yaml"), folder: setUp.path)
    }

    @Test("A file's secret is its text without the white space around it")
    func file() throws {
        let setUp = try ExampleSetUp()
        try setUp.write("  s3cret\r\n", to: "secrets/a")
        try setUp.write("s3cret", to: "secrets/b")
        try setUp.write("other", to: "secrets/c")
        let secrets = try ["a", "b", "c"].map { try reference("file:secrets/\($0)", in: setUp).resolve() }
        #expect(Set(secrets).count == 2)
        #expect(Set(secrets.prefix(2)).count == 1)
        #expect(try reference("file:secrets/a", in: setUp).description == "file:\(setUp.path)/secrets/a")
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
            "\($0)" == "rapport.yaml:1:1: the secret file \(setUp.path)/gone can't be read"
        }
        let empty = try reference("file:empty", in: setUp)
        #expect {
            try empty.resolve()
        } throws: {
            "\($0)" == "rapport.yaml:1:1: the secret file \(setUp.path)/empty is empty"
        }
    }

    @Test("The hub's own secret must be too long to be found by trying")
    func short() throws {
        let setUp = try ExampleSetUp()
        let configuration = try HubConfiguration(
            text: "secret: file:\(setUp.path)/secrets/own\n", file: "rapport.yaml")
        try setUp.write(String(repeating: "x", count: 15) + "\n", to: "secrets/own")
        #expect {
            try configuration.ownSecret()
        } throws: {
            "\($0)".hasPrefix("rapport.yaml:1:9: the secret is too short: expected at least 16 bytes")
        }
        try setUp.write(String(repeating: "x", count: 16) + "\n", to: "secrets/own")
        #expect(throws: Never.self) { try configuration.ownSecret() }
    }

    @Test("A file too large for a secret is not taken for one")
    func large() throws {
        let setUp = try ExampleSetUp()
        try setUp.write(String(repeating: "x", count: 100_000), to: "large")
        #expect(throws: ConfigurationError.self) { try reference("file:large", in: setUp).resolve() }
    }
}
