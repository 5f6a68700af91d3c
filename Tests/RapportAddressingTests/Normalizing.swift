import RapportAddressing
import RapportCore
import Testing

/// What a text becomes: the two forms, or the code of the error.
func normalized(_ scheme: Address.Scheme, _ text: String, region: String = "CN") -> Result<Address, AddressError> {
    do throws(AddressError) {
        return .success(try AddressNormalizer().normalize(RawAddress(scheme, text), region: region))
    } catch {
        return .failure(error)
    }
}

/// A row of a table: what is written, and the URI to compare by or the code of the error.
struct Row: Sendable, CustomTestStringConvertible {
    let written: String
    let uri: String?
    let deliverable: String?
    let code: AddressError.Code?

    init(_ written: String, _ uri: String, deliverable: String? = nil) {
        self.written = written
        self.uri = uri
        self.deliverable = deliverable ?? uri
        code = nil
    }

    init(_ written: String, _ code: AddressError.Code) {
        self.written = written
        uri = nil
        deliverable = nil
        self.code = code
    }

    var testDescription: String { written.debugDescription }
}
