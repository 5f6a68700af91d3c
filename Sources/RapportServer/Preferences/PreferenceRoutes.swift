import HTTPTypes
import Hummingbird
import NIOCore
import RapportChannels
import RapportCore
import RapportHub

/// `/u/{token}`: the customer's own page, and the target of one-click unsubscription (RFC 8058). The token is the only
/// credential; it stands in the path, so a form from elsewhere can't be sent without knowing it.
struct PreferenceRoutes {
    /// Room for the page's form of five hundred topics (`PreferenceForm.fieldLimit`); what a mail provider sends is far
    /// shorter.
    private static let bodyLimit = 256 << 10

    private let services: HubServices
    private let bodies: BodyReader
    private let trustsForwardedFor: Bool
    private let page: PreferencePage

    init(settings: ServerSettings, services: HubServices, bounds: BodyBounds) throws {
        self.services = services
        bodies = BodyReader(limit: Self.bodyLimit, bounds: bounds)
        trustsForwardedFor = settings.trustsForwardedFor
        page = try PreferencePage()
    }

    func add(to router: Router<HubRequestContext>) {
        router.get("/u/:token") { request, context in try await show(request, context: context) }
        router.post("/u/:token") { request, context in try await change(request, context: context) }
    }

    /// Changes nothing, because link scanners follow every link of a mail (RFC 8058, section 3.1).
    private func show(_ request: Request, context: HubRequestContext) async throws -> Response {
        guard let link = try await readLink(context), let found = try await open(link) else { return notFound() }
        let language = language(of: found, request: request)
        let isSaved = request.uri.query == "saved=1"
        return html(.ok, page.html(found, language: language, isSaved: isSaved), language: language)
    }

    /// The page's own form is saved, or refused when it can't be read; every other body, an empty one too, is a
    /// one-click unsubscription.
    private func change(_ request: Request, context: HubRequestContext) async throws -> Response {
        guard let link = try await readLink(context) else { return notFound() }
        let found = try await open(link)
        guard let leaver = found?.customer ?? link.leaver, found != nil || link.customer == nil else {
            return notFound()
        }
        let body = try await bodies.read(request, context: context)
        var proof: [String: String] = [:]
        proof["message"] = link.message?.description
        if let address = callerAddress(request, context: context) { proof["ip"] = address }
        guard let form = try PreferenceForm(body, mediaType: request.mediaType) else {
            proof["wording"] = "List-Unsubscribe=One-Click"
            // Where it can't be told whose wish it is, it is of whatever comes to the address, and of nothing else.
            let isOfHolderAlone = link.customer == nil
            let isOfMail = !isOfHolderAlone || link.holder?.scheme == .mailto
            try await services.preferences.apply(
                [.forbid(topic: nil, channel: isOfMail ? .email : nil)], of: leaver, method: "list-unsubscribe",
                proof: proof, holder: link.holder, isOfHolderAlone: isOfHolderAlone)
            return text("You are unsubscribed.\n您已退订。\n")
        }
        guard let found else { return notFound() }
        let language = language(of: found, request: request)
        proof["wording"] = wording(form, of: found, language: language)
        try await services.preferences.apply(
            form.changes(to: found, now: services.clock()), of: found.customer, method: "preference-page", proof: proof,
            holder: link.holder)
        // Relative, so that it holds behind any proxy; a reload then repeats the GET and not the form.
        return Response(
            status: .seeOther, headers: headers(type: nil, language: nil, adding: [(.location, "?saved=1")]))
    }

    private func readLink(_ context: HubRequestContext) async throws -> PreferenceLink? {
        guard let token = context.parameters.get("token") else { return nil }
        return try await PreferenceLink.read(token, services: services)
    }

    /// `nil` where nobody's page can be shown.
    private func open(_ link: PreferenceLink) async throws -> PreferenceDesk.Page? {
        guard let customer = link.customer else { return nil }
        return try await services.preferences.page(of: customer, holder: link.holder)
    }

    private func language(of page: PreferenceDesk.Page, request: Request) -> PageLanguage {
        PageLanguage(customer: page.language, acceptLanguage: request.headers[.acceptLanguage])
    }

    private func wording(_ form: PreferenceForm, of page: PreferenceDesk.Page, language: PageLanguage) -> String {
        let words = PreferenceWords.of(language)
        if form.wantsNothing { return words.nothing }
        guard form.confirmed.isEmpty else {
            let wishes = page.confirmable.filter { form.confirmed.contains(.init($0)) }.map(words.wish)
            return "\(words.confirmNote) \(wishes.joined(separator: "; ")). \(words.confirm)"
        }
        return "\(words.title) \(words.intro)"
    }

    /// As the connection or our own proxy tells; at most as long as an IPv6 address with a zone.
    private func callerAddress(_ request: Request, context: HubRequestContext) -> String? {
        if trustsForwardedFor, let name = HTTPTypes.HTTPField.Name("X-Forwarded-For"),
            let last = request.headers[values: name].last?.split(separator: ",").last
        {
            let address = last.filter { !$0.isWhitespace }
            let allowed = Set("0123456789abcdefABCDEF.:%[]".utf8)
            if (2...64).contains(address.utf8.count), address.utf8.allSatisfy(allowed.contains) { return address }
        }
        return context.channel.remoteAddress?.ipAddress
    }

    private func notFound() -> Response {
        html(.notFound, PreferenceTemplate.notFound, language: nil)
    }

    private func html(_ status: HTTPResponse.Status, _ html: String, language: PageLanguage?) -> Response {
        let body = ByteBuffer(string: html)
        return Response(
            status: status, headers: headers(type: "text/html; charset=utf-8", language: language),
            body: ResponseBody(byteBuffer: body))
    }

    private func text(_ text: String) -> Response {
        Response(
            status: .ok, headers: headers(type: "text/plain; charset=utf-8", language: nil),
            body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }

    /// Kept nowhere, told to nobody, framed by nobody.
    private func headers(
        type: String?, language: PageLanguage?, adding more: [(HTTPTypes.HTTPField.Name, String)] = []
    ) -> HTTPFields {
        var headers = HTTPFields()
        let named = [
            "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex, nofollow",
            "Content-Security-Policy": page.contentSecurityPolicy, "X-Content-Type-Options": "nosniff",
        ]
        for (name, value) in named { if let name = HTTPTypes.HTTPField.Name(name) { headers[name] = value } }
        headers[.cacheControl] = "no-store"
        if let type { headers[.contentType] = type }
        if let language { headers[.contentLanguage] = language.rawValue }
        for (name, value) in more { headers[name] = value }
        return headers
    }
}
