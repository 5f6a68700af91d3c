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

    /// Cuts the connection a moment after the answer, for a client that goes on sending what nobody will read. The
    /// moment lets a client that has sent only a little too much see its answer instead of a reset.
    func closeSoon() {
        channel.eventLoop.scheduleTask(in: .seconds(1)) { [channel] in channel.close(promise: nil) }
    }
}
