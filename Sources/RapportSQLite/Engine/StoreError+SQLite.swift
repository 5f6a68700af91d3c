import Foundation
import GRDB
import RapportLog

extension StoreError {
    /// What an error of the engine means to the caller. Messages of SQLite name tables and columns, never values.
    init(_ error: any Error, doing action: String) {
        switch error {
        case let error as StoreError: self = error
        case let error as DatabaseError:
            let code = Self.code(of: error.resultCode)
            self.init(code, "\(action): \(error.message ?? "SQLite error \(error.extendedResultCode.rawValue)")")
        case let error as UnknownCode:
            self.init(.corrupt, "\(action): \(error.code) is no \(error.type)")
        case is DecodingError:
            self.init(.corrupt, "\(action): a column can't be read")
        case let error as CocoaError:
            self.init(.unavailable, "\(action): \(error.file): \(error.reason)", underlying: error)
        default:
            self.init(.unavailable, "\(action): \(type(of: error))", underlying: error)
        }
    }

    private static func code(of result: ResultCode) -> Code {
        switch result {
        case .SQLITE_BUSY, .SQLITE_LOCKED: .busy
        case .SQLITE_FULL: .full
        case .SQLITE_CORRUPT, .SQLITE_NOTADB: .corrupt
        case .SQLITE_IOERR, .SQLITE_CANTOPEN, .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_NOMEM, .SQLITE_PROTOCOL:
            .unavailable
        case .SQLITE_MISUSE: .closed
        default: .contract
        }
    }
}

extension CocoaError {
    /// The file that it is about: of two, the one that was to be made where that is there already.
    fileprivate var file: String {
        let made = code == .fileWriteFileExists ? userInfo["NSDestinationFilePath"] as? String : nil
        return made ?? filePath ?? url?.path ?? "a file"
    }

    /// What the system said.
    fileprivate var reason: String {
        var cause: any Error = self
        while let deeper = (cause as? CocoaError)?.underlying { cause = deeper }
        return (cause as NSError).localizedFailureReason?.lowercased() ?? "error \(code.rawValue)"
    }
}
