import CCurl
import RapportChannels
import Testing

@testable import RapportHTTPClient

@Suite("What a failed transfer means")
struct TransferOutcomeTests {
    private static let table: [(TransferOutcome, HTTPCallError.Code)] = [
        (TransferOutcome(result: CURLE_COULDNT_RESOLVE_HOST), .connection),
        (TransferOutcome(result: CURLE_COULDNT_CONNECT), .connection),
        (TransferOutcome(result: CURLE_COULDNT_CONNECT, isAddressRefused: true), .refusedURL),
        (TransferOutcome(result: CURLE_COULDNT_CONNECT, isAddressTried: true), .connection),
        (TransferOutcome(result: CURLE_COULDNT_CONNECT, isAddressRefused: true, isAddressTried: true), .connection),
        (TransferOutcome(result: CURLE_ABORTED_BY_CALLBACK, isAddressRefused: true), .refusedURL),
        (TransferOutcome(result: CURLE_ABORTED_BY_CALLBACK, isAddressRefused: true, isAddressTried: true), .refusedURL),
        (TransferOutcome(result: CURLE_UNSUPPORTED_PROTOCOL), .refusedURL),
        (TransferOutcome(result: CURLE_PEER_FAILED_VERIFICATION), .tls),
        (TransferOutcome(result: CURLE_SSL_CONNECT_ERROR), .tls),
        (TransferOutcome(result: CURLE_OUT_OF_MEMORY), .connection),
        (TransferOutcome(result: CURLE_OPERATION_TIMEDOUT), .timeoutBeforeSent),
        (TransferOutcome(result: CURLE_OPERATION_TIMEDOUT, hasBegun: true), .timeoutBeforeSent),
        (TransferOutcome(result: CURLE_OPERATION_TIMEDOUT, hasBegun: true, sentBytes: 1), .lostAfterSent),
        (
            TransferOutcome(
                result: CURLE_OPERATION_TIMEDOUT, hasBegun: true, bodyBytes: 10, sentBodyBytes: 9, sentBytes: 200),
            .timeoutBeforeSent
        ),
        (
            TransferOutcome(
                result: CURLE_OPERATION_TIMEDOUT, hasBegun: true, bodyBytes: 10, sentBodyBytes: 10, sentBytes: 200),
            .lostAfterSent
        ),
        (
            TransferOutcome(
                result: CURLE_SEND_ERROR, hasBegun: true, bodyBytes: 10, sentBodyBytes: 9, sentBytes: 200), .connection
        ),
        (
            TransferOutcome(
                result: CURLE_SEND_ERROR, hasBegun: true, hasAnswer: true, bodyBytes: 10, sentBodyBytes: 9),
            .lostAfterSent
        ),
        (TransferOutcome(result: CURLE_GOT_NOTHING, hasBegun: true, sentBytes: 100), .lostAfterSent),
        (TransferOutcome(result: CURLE_SSL_CONNECT_ERROR, hasBegun: true, sentBytes: 100), .lostAfterSent),
        (
            TransferOutcome(
                result: CURLE_ABORTED_BY_CALLBACK, hasBegun: true, isRepeatRefused: true, bodyBytes: 10), .lostAfterSent
        ),
        (TransferOutcome(result: CURLE_WRITE_ERROR, hasBegun: true, isTooLarge: true, sentBytes: 9), .answerTooLarge),
        (TransferOutcome(result: CURLE_FILESIZE_EXCEEDED, hasBegun: true, sentBytes: 9), .answerTooLarge),
    ]

    @Test("depends on how much of the request was sent", arguments: table.indices)
    func codes(row: Int) {
        #expect(Self.table[row].0.code == Self.table[row].1)
    }
}
