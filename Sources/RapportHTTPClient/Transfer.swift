import CCurl
import Glibc
import RapportChannels

/// One request on its way, and what has come back. Belongs to the loop's thread.
final class Transfer {
    let id: UInt64
    let easy: UnsafeMutableRawPointer
    private let request: CheckedRequest
    private let settings: HTTPClientSettings
    private var fields: UnsafeMutablePointer<curl_slist>?
    private var head: [HTTPField] = []
    private var headBytes = 0
    /// The empty line after the fields has come; libcurl takes an answer that ends before it for a whole one.
    private var isHeadWhole = false
    private var body: [UInt8] = []
    private var hasBegun = false
    private var isAddressRefused = false
    private var isAddressTried = false
    private var isTooLarge = false
    private var isRepeatRefused = false

    /// `nil` when there is no memory for it.
    init?(id: UInt64, request: CheckedRequest, settings: HTTPClientSettings) {
        guard let easy = curl_easy_init() else { return nil }
        self.id = id
        self.easy = easy
        self.request = request
        self.settings = settings
        guard setRules(), setRequest(), setCallbacks() else { return nil }
    }

    deinit {
        curl_easy_cleanup(easy)
        curl_slist_free_all(fields)
    }

    /// What the call ends with.
    func reply(_ result: CURLcode) -> Result<TransferReply, HTTPCallError> {
        let status = rapport_curl_get_long(easy, CURLINFO_RESPONSE_CODE)
        guard result == CURLE_OK, status > 0, isHeadWhole else {
            let outcome = TransferOutcome(
                result: result, hasBegun: hasBegun, hasAnswer: status > 0, isAddressRefused: isAddressRefused,
                isAddressTried: isAddressTried, isTooLarge: isTooLarge, isRepeatRefused: isRepeatRefused,
                bodyBytes: request.call.body.count,
                sentBodyBytes: Int(rapport_curl_get_size(easy, CURLINFO_SIZE_UPLOAD_T)),
                sentBytes: rapport_curl_get_long(easy, CURLINFO_REQUEST_SIZE))
            return .failure(HTTPCallError(outcome.code))
        }
        let redirect = rapport_curl_get_string(easy, CURLINFO_REDIRECT_URL).map { String(cString: $0) }
        return .success(
            TransferReply(answer: HTTPAnswer(status: status, headers: head, body: body), redirect: redirect))
    }

    // MARK: Setting up

    private func setRules() -> Bool {
        let connectTimeout = min(settings.connectTimeoutMilliseconds, request.timeoutMilliseconds)
        return set(CURLOPT_NOSIGNAL, 1)
            && set(CURLOPT_TIMEOUT_MS, request.timeoutMilliseconds)
            && set(CURLOPT_CONNECTTIMEOUT_MS, connectTimeout)
            // A name server that does not answer must not hold up the loop when the call is given up.
            && set(CURLOPT_QUICK_EXIT, 1)
            && set(CURLOPT_MAXAGE_CONN, settings.idleSeconds)
            // HTTP/2 would share a connection, and with it the doubt what was sent when the line is lost.
            && set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
            && set(CURLOPT_PROTOCOLS_STR, "http,https")
            && set(CURLOPT_REDIR_PROTOCOLS_STR, "http,https")
            && set(CURLOPT_DISALLOW_USERNAME_IN_URL, 1)
            // Redirects are followed by `HTTPClient`, which checks every hop as a call of its own.
            && set(CURLOPT_FOLLOWLOCATION, 0)
            && set(CURLOPT_PATH_AS_IS, 1)
            // An empty proxy also overrides the environment's.
            && set(CURLOPT_PROXY, "")
            && set(CURLOPT_NOPROXY, "*")
            && set(CURLOPT_SSL_VERIFYPEER, 1)
            && set(CURLOPT_SSL_VERIFYHOST, 2)
            && setTrust()
            && set(CURLOPT_USERAGENT, settings.userAgent)
    }

    /// Authorities of one's own stand instead of the system's, which libcurl also looks for in a folder.
    private func setTrust() -> Bool {
        guard let file = request.call.trustedCertificates else { return true }
        return set(CURLOPT_CAINFO, file) && rapport_curl_set_string(easy, CURLOPT_CAPATH, nil) == CURLE_OK
    }

    private func setRequest() -> Bool {
        let call = request.call
        guard set(CURLOPT_URL, call.url), setFields() else { return false }
        if call.method == "HEAD" { return set(CURLOPT_NOBODY, 1) }
        guard rapport_curl_set_size(easy, CURLOPT_MAXFILESIZE_LARGE, curl_off_t(max(call.answerLimit, 1))) == CURLE_OK
        else { return false }
        if call.body.isEmpty, !["POST", "PUT", "PATCH"].contains(call.method) {
            return set(CURLOPT_HTTPGET, 1) && set(CURLOPT_CUSTOMREQUEST, call.method)
        }
        guard rapport_curl_set_size(easy, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(call.body.count)) == CURLE_OK else {
            return false
        }
        // An empty array has no address, which to libcurl would mean that the body is read from a file.
        let isSet = (call.body.isEmpty ? [0] : call.body).withUnsafeBytes {
            rapport_curl_set_body(easy, $0.baseAddress) == CURLE_OK
        }
        return isSet && set(CURLOPT_CUSTOMREQUEST, call.method)
    }

    private func setFields() -> Bool {
        // `Expect: 100-continue` would hold a large body back for a second; a form's type is not for libcurl to guess.
        var lines = ["Expect:"]
        if !request.call.headers.contains(where: { $0.name.lowercased() == "content-type" }) {
            lines.append("Content-Type:")
        }
        // With nothing after its colon libcurl would leave the field out.
        lines += request.call.headers.map { $0.value.isEmpty ? "\($0.name);" : "\($0.name): \($0.value)" }
        for line in lines {
            guard let longer = curl_slist_append(fields, line) else { return false }
            fields = longer
        }
        return rapport_curl_set_list(easy, CURLOPT_HTTPHEADER, fields) == CURLE_OK
    }

    private func setCallbacks() -> Bool {
        // The handle dies with the transfer, in `deinit`, so it may hold a pointer that counts for nothing.
        let context = Unmanaged.passUnretained(self).toOpaque()
        return rapport_curl_set_private(easy, context) == CURLE_OK
            && rapport_curl_on_header(
                easy, { Transfer.at($3)?.takeHead(UnsafeRawBufferPointer(start: $0, count: $1 * $2)) ?? 0 }, context)
                == CURLE_OK
            && rapport_curl_on_body(
                easy, { Transfer.at($3)?.takeBody(UnsafeRawBufferPointer(start: $0, count: $1 * $2)) ?? 0 }, context)
                == CURLE_OK
            && rapport_curl_on_open_socket(
                easy, { context, _, address in Transfer.at(context)?.openSocket(address) ?? -1 }, context) == CURLE_OK
            && rapport_curl_on_request(
                easy,
                { context, address, _, _, _ in
                    let isAllowed = Transfer.at(context)?.mayWrite(to: address) ?? false
                    return isAllowed ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
                }, context) == CURLE_OK
    }

    private func set(_ option: CURLoption, _ value: Int) -> Bool {
        rapport_curl_set_long(easy, option, value) == CURLE_OK
    }

    private func set(_ option: CURLoption, _ value: String) -> Bool {
        rapport_curl_set_string(easy, option, value) == CURLE_OK
    }

    static func at(_ context: UnsafeMutableRawPointer?) -> Transfer? {
        context.map { Unmanaged<Transfer>.fromOpaque($0).takeUnretainedValue() }
    }
}

// MARK: What libcurl asks and tells

extension Transfer {
    /// Refuses to connect to what must not be reached. The name has been resolved: this is the very address that will
    /// be connected to, so a name that resolves differently a second time gains nothing.
    private func openSocket(_ address: UnsafeMutablePointer<curl_sockaddr>?) -> curl_socket_t {
        guard let address, let offset = MemoryLayout<curl_sockaddr>.offset(of: \.addr) else { return -1 }
        let isAllowed =
            request.call.allowsPrivateAddresses
            || AddressRule.isPublic(UnsafeRawPointer(address) + offset, length: Int(address.pointee.addrlen))
        guard isAllowed else {
            isAddressRefused = true
            return -1
        }
        isAddressTried = true
        let closeOnExec = Int32(SOCK_CLOEXEC.rawValue)
        return socket(address.pointee.family, address.pointee.socktype | closeOnExec, address.pointee.`protocol`)
    }

    /// Asked before each writing of a request to a connection, be it new or kept from an earlier call.
    private func mayWrite(to address: UnsafeMutablePointer<CChar>?) -> Bool {
        // A kept connection was perhaps opened for a call that may reach private addresses.
        if !request.call.allowsPrivateAddresses, !(address.map { AddressRule.isPublic(String(cString: $0)) } ?? false) {
            isAddressRefused = true
            return false
        }
        // When a kept connection ends without an answer, libcurl writes the request again on another one. The server
        // may have read it the first time, and a gateway sends a message also when it is asked by GET.
        if hasBegun {
            isRepeatRefused = true
            return false
        }
        hasBegun = true
        return true
    }

    /// Returns the count of bytes taken; anything but all of them ends the transfer.
    private func takeHead(_ line: UnsafeRawBufferPointer) -> Int {
        headBytes += line.count
        guard headBytes <= settings.answerHeadLimit else {
            isTooLarge = true
            return 0
        }
        // An interim answer (1xx) is followed by another status line, and only the last answer counts.
        if line.starts(with: "HTTP/".utf8) {
            head = []
            isHeadWhole = false
            return line.count
        }
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else {
            if line.first == 0x0D || line.first == 0x0A { isHeadWhole = true }
            return line.count
        }
        let name = String(decoding: line[..<colon], as: UTF8.self).lowercased()
        let value = line[(colon + 1)...].drop { $0 == 0x20 || $0 == 0x09 }
        let end = value.lastIndex { $0 != 0x20 && $0 != 0x09 && $0 != 0x0D && $0 != 0x0A }
        head.append(HTTPField(name, end.map { String(decoding: value[...$0], as: UTF8.self) } ?? ""))
        return line.count
    }

    private func takeBody(_ bytes: UnsafeRawBufferPointer) -> Int {
        guard body.count + bytes.count <= request.call.answerLimit else {
            isTooLarge = true
            return 0
        }
        body.append(contentsOf: bytes)
        return bytes.count
    }
}
