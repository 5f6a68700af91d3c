import RapportTestServers

/// The measured campaign: 2 KB of HTML and of text with four variables.
struct CampaignTemplate {
    let name: String
    /// `everyone`, or a filter.
    var audience = "everyone"

    func write(to folder: ScratchFolder) throws {
        let definition = """
            title: The spring offer
            class: marketing
            topic: offers
            channels: [email]
            audience: \(audience)
            offer: spring
            expires: 2d
            variables: { season: spring }

            """
        try folder.write(definition, to: "templates/campaigns/\(name)/campaign.yaml")
        try folder.write(Self.text, to: "templates/campaigns/\(name)/email.txt")
        try folder.write(Self.html, to: "templates/campaigns/\(name)/email.html")
    }

    private static let sentence = "A well made thing lasts, and what lasts was chosen with care and not in a hurry. "

    private static var text: String {
        let start = "Subject: {{name}}, the {{season}} offer is here\n\nDear {{name}},\n\n"
        let body = (0..<22).map { _ in sentence + "\n" }.joined()
        return start + body + "\nYou find us in {{city}}. Your contact is {{owner}}.\n\n{{unsubscribeURL}}\n"
    }

    private static var html: String {
        let start =
            "<!doctype html>\n<html lang=\"en\">\n<body style=\"font-family: sans-serif\">\n<p>Dear {{name}},</p>\n"
        let body = (0..<20).map { _ in "<p>\(sentence)</p>\n" }.joined()
        return start + body + "<p>You find us in {{city}}. Your contact for {{season}} is {{owner}}.</p>\n"
            + "<p><a href=\"{{unsubscribeURL}}\">No more of them</a></p>\n</body>\n</html>\n"
    }
}
