import HTTPTypes
import Hummingbird
import RapportChannels

extension Request {
    /// The media type of the body without its parameters, in lower case; empty when there is none, or one that is not
    /// ASCII.
    var mediaType: String { InboundRequest.mediaType(ofContentType: headers[.contentType]) }
}
