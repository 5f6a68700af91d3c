import Testing

@testable import RapportIVR

@Suite("Twilio's languages") struct TwilioLanguageTests {
    @Test(
        "have a country, the usual one when the menu names none",
        arguments: [
            ("en", "en-US", "en-US"), ("en-GB", "en-GB", "en-GB"), ("de", "de-DE", "de-DE"),
            ("pt-br", "pt-BR", "pt-BR"),
            ("zh", "zh-CN", "cmn-Hans-CN"), ("zh-Hans-CN", "zh-CN", "cmn-Hans-CN"), ("zh-Hant", "zh-TW", "cmn-Hant-TW"),
            ("zh-HK", "zh-HK", "yue-Hant-HK"), ("tlh", "tlh", "tlh"), ("", "", ""),
        ])
    func tags(tag: String, spoken: String, heard: String) {
        #expect(TwilioLanguage.spoken(tag) == spoken)
        #expect(TwilioLanguage.heard(tag) == heard)
    }
}
