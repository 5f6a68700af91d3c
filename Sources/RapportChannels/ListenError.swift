import Foundation

/// That nobody can connect, because the place to listen at can't be had: most often, another process listens there.
package struct ListenError: Error, Hashable, Sendable, CustomStringConvertible {
    /// `127.0.0.1:8080`, or the path of a socket.
    package var place: String
    /// As the system numbers it.
    package var code: Int32

    package init(place: String, code: Int32) {
        self.place = place
        self.code = code
    }

    package var description: String { "can’t listen on \(place): \(String(cString: strerror(code)).lowercased())" }
}
