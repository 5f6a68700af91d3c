import RapportTestServers
import Testing

@Suite("The listener of tests")
struct HTTPListenerTests {
    @Test("records a request and answers it")
    func answers() async throws {
        let listener = try HTTPListener { HTTPListener.Answer(status: 201, headers: ["X-A": "b"], body: $0.text) }
        let answer = try await LoopbackHTTP.post(
            "/in?a=1%2B1&b=c+d", port: listener.port, headers: ["X-B": "c"], body: "body")
        #expect(answer.status == 201)
        #expect(answer.text == "body")
        #expect(answer.headers["x-a"] == "b")
        let request = try await listener.request("the request")
        #expect(request.method == "POST")
        #expect(request.path == "/in")
        #expect(request.query == ["a": "1+1", "b": "c d"])
        #expect(request.headers["x-b"] == "c")
    }
}
