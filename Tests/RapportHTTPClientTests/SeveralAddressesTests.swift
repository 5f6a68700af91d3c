import CCurl
import RapportChannels
import Testing

@testable import RapportHTTPClient

@Suite("A name with several addresses")
struct SeveralAddressesTests {
    private static let table: [(String, HTTPCallError.Code)] = [
        ("127.0.0.1", .refusedURL), ("127.0.0.1,10.0.0.1", .refusedURL), ("8.8.8.8", .connection),
        ("8.8.8.8,127.0.0.1", .connection), ("127.0.0.1,8.8.8.8", .connection),
    ]

    @Test("is refused when all of them are; when one could be tried, it could not be connected to", arguments: table)
    func codes(addresses: String, code: HTTPCallError.Code) throws {
        let reply = try reply(addresses: addresses)
        #expect(throws: HTTPCallError(code)) { try reply.get() }
    }

    /// What comes of a call to a name that has these addresses. Nothing leaves this machine: the sockets are bound to a
    /// loopback address, and from there Linux connects to none outside.
    private func reply(addresses: String) throws -> Result<TransferReply, HTTPCallError> {
        let settings = HTTPClientSettings()
        let request = try CheckedRequest(HTTPCall(url: "http://name.example/"), settings: settings)
        let made = Transfer(id: 1, request: request, settings: settings)
        let transfer = try #require(made)
        let names = curl_slist_append(nil, "name.example:80:" + addresses)
        defer { curl_slist_free_all(names) }
        let isSet =
            rapport_curl_set_list(transfer.easy, CURLOPT_RESOLVE, names) == CURLE_OK
            && rapport_curl_set_string(transfer.easy, CURLOPT_INTERFACE, "host!127.0.0.1") == CURLE_OK
        try #require(isSet)
        let result = curl_easy_perform(transfer.easy)
        return transfer.reply(result)
    }
}
