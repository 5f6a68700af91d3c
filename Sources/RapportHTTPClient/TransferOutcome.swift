import CCurl
import RapportChannels

/// What is known of a transfer that got no whole answer, and what that means for the caller.
///
/// The question behind it is whether the request may have been acted upon. It can't have been while a byte of it is
/// unsent; when in doubt it may have been.
struct TransferOutcome {
    var result: CURLcode
    /// A connection stood and the request was about to be written to it.
    var hasBegun = false
    /// Anything of an answer came.
    var hasAnswer = false
    /// An address was refused by `AddressRule`.
    var isAddressRefused = false
    /// An address was let through to be connected to. Of a name that has several, others may have been refused.
    var isAddressTried = false
    var isTooLarge = false
    /// libcurl wanted to write a request again that may already have been read.
    var isRepeatRefused = false
    var bodyBytes = 0
    var sentBodyBytes = 0
    /// Of head and body.
    var sentBytes = 0

    var code: HTTPCallError.Code {
        if isTooLarge || result == CURLE_FILESIZE_EXCEEDED { return .answerTooLarge }
        if isRepeatRefused || isSentWhole { return .lostAfterSent }
        if result == CURLE_OPERATION_TIMEDOUT { return .timeoutBeforeSent }
        if hasBegun { return .connection }
        switch result {
        // libcurl tries all of a name's addresses, and says the same of those that were refused and that don't answer.
        case CURLE_COULDNT_CONNECT where isAddressRefused && !isAddressTried,
            CURLE_ABORTED_BY_CALLBACK where isAddressRefused, CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL,
            CURLE_LOGIN_DENIED:
            return .refusedURL
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CIPHER, CURLE_SSL_CERTPROBLEM,
            CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CRL_BADFILE, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS,
            CURLE_SSL_PINNEDPUBKEYNOTMATCH, CURLE_SSL_ENGINE_NOTFOUND, CURLE_SSL_ENGINE_SETFAILED,
            CURLE_SSL_ENGINE_INITFAILED, CURLE_USE_SSL_FAILED:
            return .tls
        default:
            return .connection
        }
    }

    private var isSentWhole: Bool {
        if hasAnswer { return true }
        guard hasBegun else { return false }
        return bodyBytes > 0 ? sentBodyBytes >= bodyBytes : sentBytes > 0
    }
}
