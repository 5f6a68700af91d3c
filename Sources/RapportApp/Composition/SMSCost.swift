import RapportSMS

/// What a text costs on the air, for those who preview a campaign.
package enum SMSCost {
    /// Into how many segments an SMS of this text is cut (3GPP TS 23.040); at least one.
    @Sendable
    package static func segments(of text: String) -> Int {
        SMSLength(of: text).segments
    }
}
