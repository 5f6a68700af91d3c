import RapportChannels
import RapportCore
import RapportIVR
import RapportYAML

/// `twilio-voice`: calls over Twilio, answered with TwiML from a menu.
struct TwilioVoiceSettings: AdapterSettings {
    static let type = "twilio-voice"
    static let keys = ["authToken", "menu", "region"]

    var authToken: SecretReference
    var menu: MenuReference?
    var region: String?

    let outboundChannel: Channel? = nil

    init(_ config: YAMLMapping, folder: String) throws {
        authToken = try SecretReference(config.required("authToken"), folder: folder)
        menu = try config["menu"].map(MenuReference.init)
        region = try config["region"]?.region()
    }

    func check(templates: String, topics: [String]?) -> [any Error] {
        failures(
            { _ = try TwilioSignature(tokens: [authToken.resolve()]) },
            { _ = try menu?.read(templates: templates, topics: topics) })
    }

    func build(_ context: BuildContext) throws -> BuiltAdapter {
        BuiltAdapter(
            inbound: TwilioVoiceAdapter(
                name: context.name, signature: try TwilioSignature(tokens: [authToken.resolve()]),
                publicURL: context.publicURL, menu: try menu?.read(context), region: region))
    }

    var described: [(key: String, value: String)] {
        [("authToken", authToken.description), ("menu", menu?.name ?? "–"), ("region", region ?? "the hub's")]
    }
}

/// `ivr-json`: the same events from any telephone exchange, as plain JSON.
struct JSONCallSettings: AdapterSettings {
    static let type = "ivr-json"
    static let keys = ["signature", "menu", "region"]

    var signature: SignatureSettings
    var menu: MenuReference?
    var region: String?

    let outboundChannel: Channel? = nil

    init(_ config: YAMLMapping, folder: String) throws {
        signature = try SignatureSettings(config.required("signature"), folder: folder)
        menu = try config["menu"].map(MenuReference.init)
        region = try config["region"]?.region()
    }

    func check(templates: String, topics: [String]?) -> [any Error] {
        failures({ _ = try signature.build() }, { _ = try menu?.read(templates: templates, topics: topics) })
    }

    func build(_ context: BuildContext) throws -> BuiltAdapter {
        BuiltAdapter(
            inbound: JSONCallAdapter(
                name: context.name, scheme: try signature.build(), menu: try menu?.read(context),
                region: region))
    }

    var described: [(key: String, value: String)] {
        [("signature", signature.described), ("menu", menu?.name ?? "–"), ("region", region ?? "the hub's")]
    }
}
