import Hummingbird
import NIOCore

/// What belongs to one request beside the request itself.
struct HubRequestContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: any NIOCore.Channel
    let body = BodyProgress()
    /// Who asks; set by `TokenCheck` for `/v1`.
    var caller: APIToken?

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }

    /// Ends the connection with the answer, for a client that goes on sending what nobody will read.
    func close(after seconds: Int) { LingeringClose.begin(on: channel, for: seconds) }
}
