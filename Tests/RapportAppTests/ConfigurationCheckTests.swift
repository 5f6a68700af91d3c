import RapportCore
import RapportHub
import Testing

@testable import RapportApp

@Suite("rapport config check")
struct ConfigurationCheckTests {
    private func ready() throws -> ExampleSetUp {
        let setUp = try ExampleSetUp()
        try setUp.keepSecretsInFiles()
        return setUp
    }

    @Test("The example configuration is read, and its policy, menu and campaign are good")
    func examples() throws {
        let setUp = try ready()
        let configuration = try setUp.configuration()
        #expect(configuration.adapters.map(\.name) == ["mail-out", "sms-out", "mail-in", "sms", "shop", "phone"])
        #expect(configuration.storePath.hasSuffix("/var/demo/rapport.db"))
        #expect(configuration.routes.adapters == [.email: ["mail-out"], .sms: ["sms-out", "sms"]])
        let check = ConfigurationCheck(configuration)
        #expect(check.problems == [])
        #expect(check.topics == ["offers", "news", "care"])
        #expect(check.menus == ["main"])
        #expect(check.campaigns == CampaignFolder.names(below: configuration.templates))
        #expect(check.campaigns.contains("spring-brochure"))
    }

    @Test("The example's campaign has its templates in two languages")
    func campaign() throws {
        let setUp = try ready()
        let folder = CampaignFolder(path: try setUp.configuration().templates + "/campaigns/spring-brochure")
        let definition = try folder.load()
        #expect(definition.channels == [.email, .sms])
        #expect(definition.templates.map { $0.language ?? "" }.sorted() == ["", "", "", "zh", "zh"])
    }

    @Test("What is shown of the configuration names secrets by where they are kept")
    func described() throws {
        let setUp = try ready()
        let described = try setUp.configuration().described
        #expect(described.contains { $0.key == "adapters.sms.password" && $0.value.hasSuffix("/secrets/SMS_PASSWORD") })
        #expect(described.contains { $0.key == "api.tokens.demo" && $0.value == "read, send, write" })
        #expect(described.contains { $0.key == "serviceLevels.callback" && $0.value == "2h" })
        #expect(!described.contains { $0.value.contains("whsec_") })
    }

    @Test("Every problem is found at once, each with its place")
    func everyProblem() throws {
        let setUp = try ready()
        try setUp.write("", to: "secrets/SMS_SECRET")
        try setUp.write("short", to: "secrets/SHOP_SECRET")
        try setUp.replace("menu: main", by: "menu: mian", in: "rapport.yaml")
        try setUp.replace("topic: care", by: "topic: crae", in: "rapport.yaml")
        try setUp.replace("topic: offers", by: "topic: ofers", in: "templates/campaigns/spring-brochure/campaign.yaml")
        try setUp.write("language: en\nstrat: main\n", to: "templates/ivr/other.yaml")
        let problems = try setUp.check()
        try #require(problems.count == 6, "\(problems)")
        #expect(
            problems[0]
                == "\(try setUp.place(of: "file:secrets/SMS_SECRET")): the secret file secrets/SMS_SECRET is empty")
        #expect(problems[1].hasPrefix("\(try setUp.place(of: "shop:")): "))
        #expect(
            problems[2]
                == "\(try setUp.place(of: "mian")): there is no menu templates/ivr/mian.yaml; did you mean ‘main’?")
        #expect(problems[3].hasSuffix("the contact policy has no topic ‘crae’; did you mean ‘care’?"))
        #expect(problems[4].hasPrefix("templates/ivr/other.yaml:2:1: "))
        #expect(
            problems[5]
                == "templates/campaigns/spring-brochure/campaign.yaml:3:8: the contact policy has no topic ‘ofers’; "
                + "did you mean ‘offers’?")
    }

    @Test("Every problem of a campaign is found at once, each with its place")
    func everyProblemOfACampaign() throws {
        let setUp = try ready()
        let folder = "templates/campaigns/spring-brochure"
        try setUp.replace(
            "audience: { tags: [brochure] }", by: "adapters: { sms: smss }\naudience: { csv: list.csv }",
            in: "\(folder)/campaign.yaml")
        try setUp.write("Hello {{name", to: "\(folder)/sms.txt")
        try setUp.write("Subject: s\n\nHello\n{{#name}}{{/nam}}\n", to: "\(folder)/email.zh.txt")
        let problems = try setUp.check()
        try #require(problems.count == 4, "\(problems)")
        #expect(
            problems[0].hasPrefix(
                "\(folder)/campaign.yaml:5:11: no adapter of the configuration that sends sms is called ‘smss’; did"))
        #expect(problems[1] == "\(folder)/campaign.yaml:6:18: the file ‘list.csv’ is not in the campaign's folder")
        #expect(problems[2].hasPrefix("\(folder)/email.zh.txt:4:"))
        #expect(problems[3].hasPrefix("\(folder)/sms.txt:1:"))
    }

    @Test(
        "An adapter that a campaign names for a channel has to send that, and the campaign to use it",
        arguments: [
            ("{ sms: mail-out }", "no adapter of the configuration that sends sms is called ‘mail-out’"),
            ("{ emial: mail-out }", "‘emial’ is none of the campaign's channels; did you mean ‘email’?"),
        ])
    func adaptersOfACampaign(adapters: String, problem: String) throws {
        let setUp = try ready()
        let file = "templates/campaigns/spring-brochure/campaign.yaml"
        try setUp.replace(
            "audience: { tags: [brochure] }", by: "adapters: \(adapters)\naudience: { tags: [brochure] }", in: file)
        let problems = try setUp.check()
        #expect(problems.count == 1 && problems[0].contains(problem), "\(problems)")
    }

    @Test("A campaign whose channel nothing carries, or whose template can't be read, is a problem")
    func campaigns() throws {
        let setUp = try ready()
        try setUp.replace(
            "channels: [email, sms]", by: "channels: [email, webhook]",
            in: "templates/campaigns/spring-brochure/campaign.yaml")
        try setUp.write("{}", to: "templates/campaigns/spring-brochure/webhook.json")
        #expect(try setUp.check().contains { $0.contains("no adapter in the configuration sends webhook") })
        let other = try ready()
        try other.write("{{#name}} never closed", to: "templates/campaigns/spring-brochure/sms.txt")
        #expect(try other.check().count == 1)
    }

    @Test("A policy that is refused is told with all its problems, and a missing one with its file")
    func policy() throws {
        let setUp = try ready()
        try setUp.replace("opt-in", by: "optin", in: "policy.yaml")
        try setUp.replace("max: 3", by: "max: x", in: "policy.yaml")
        let problems = try setUp.check()
        #expect(problems.count == 2, "\(problems)")
        #expect(problems.allSatisfy { $0.hasPrefix("policy.yaml:") })
        try setUp.replace("policy: policy.yaml", by: "policy: gone.yaml", in: "rapport.yaml")
        #expect(try setUp.check() == ["gone.yaml: the file can't be opened"])
    }

    @Test("Missing templates are a problem")
    func templates() throws {
        let setUp = try ready()
        try setUp.replace("templates: templates", by: "templates: gone", in: "rapport.yaml")
        #expect(try setUp.check().contains("gone: there is no such folder of templates"))
    }

    @Test("A folder of templates that can't be listed is not an empty one")
    func unlistable() throws {
        let setUp = try ready()
        try setUp.replace("templates: templates", by: "templates: other", in: "rapport.yaml")
        try setUp.write("no folder", to: "other/campaigns")
        #expect(try setUp.check().contains("other/campaigns: the folder can't be listed"))
    }

    @Test("The lines for a new token are lines that the hub takes")
    func token() throws {
        let hash = String(repeating: "ab", count: 32)
        let entry = try HubConfiguration.tokenEntry(name: "shop", sha256: hash, scopes: ["write", "read"])
        let configuration = try HubConfiguration(text: "secret: env:A\n" + entry, file: "rapport.yaml")
        #expect(configuration.described.contains { $0.key == "api.tokens.shop" && $0.value == "read, write" })
        #expect {
            try HubConfiguration.tokenEntry(name: "shop", sha256: hash, scopes: ["raed"])
        } throws: {
            "\($0)" == "there is no scope ‘raed’; did you mean ‘read’?"
        }
        #expect(throws: ConfigurationError.self) {
            try HubConfiguration.tokenEntry(name: "Web Shop", sha256: hash, scopes: ["read"])
        }
    }
}
