import RapportYAML

/// Every type of adapter that the configuration may name. A new provider adds one line here.
enum AdapterCatalog {
    static let types: [any AdapterSettings.Type] = [
        SMTPSettings.self,
        LMTPSettings.self,
        KannelSettings.self,
        WebhookSettings.self,
        WebhookOutSettings.self,
        TwilioVoiceSettings.self,
        JSONCallSettings.self,
        SandboxSettings.self,
    ]

    static func read(_ value: YAMLValue, folder: String) throws -> any AdapterSettings {
        let name = try value.openMapping().required("type")
        let text = try name.string()
        guard let type = types.first(where: { $0.type == text }) else {
            throw name.problem(
                "there is no adapter type ‘\(text)’" + NearestWord.hint(for: text, among: types.map { $0.type }))
        }
        return try type.init(value.mapping(keys: ["type"] + type.keys), folder: folder)
    }
}
