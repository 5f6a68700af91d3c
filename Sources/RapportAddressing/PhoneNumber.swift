import CPhoneNumber
import RapportCore

/// A telephone number of the whole world's numbering plan (ITU-T E.164), read by libphonenumber.
///
/// A number must be possible, not known to be assigned: operators open ranges faster than libraries learn of them.
struct PhoneNumber {
    /// `+8613800138000`
    let e164: String

    init(parsing text: String, region: String) throws(AddressError) {
        guard text.utf8.count <= Self.longestText else { throw AddressError(.tooLong, "the number is too long") }
        let known = Self.known(region)
        let national = Self.read(text, region: known)
        var best = national
        // Gateways leave out the plus. What is no number of the region, but is long enough for one with its country
        // code and does not begin with the trunk prefix of most countries, is read as if it had one.
        if !national.isValid, Self.mayLackPlus(text) {
            let international = Self.read("+" + text, region: known)
            if international.isValid || national.result != RAPPORT_PHONE_OK, international.result == RAPPORT_PHONE_OK {
                best = international
            }
        }
        guard best.result == RAPPORT_PHONE_OK else {
            throw Self.error(national.result, hasRegion: known != Self.noRegion)
        }
        e164 = try Self.settled(best.e164)
    }

    private struct Reading {
        let result: rapport_phone_result
        let e164: String
        let isValid: Bool
    }

    /// Reads the number until it stays the same: `+82011…` loses its trunk prefix only when it is read once more, and
    /// an address must not change each time that it is written back.
    private static func settled(_ number: String) throws(AddressError) -> String {
        var number = number
        for _ in 0..<4 {
            let again = read(number, region: noRegion)
            guard again.result == RAPPORT_PHONE_OK else { throw error(again.result, hasRegion: true) }
            if again.e164 == number { return number }
            number = again.e164
        }
        throw AddressError(.number, "the text is not a telephone number")
    }

    private static func mayLackPlus(_ text: String) -> Bool {
        guard let first = text.first?.wholeNumberValue, first != 0 else { return false }
        return (11...15).contains(text.count { $0.wholeNumberValue != nil })
    }

    /// Some times what any number needs, with its punctuation; libphonenumber itself stops at 250.
    private static let longestText = 128
    private static let noRegion = "ZZ"

    private static func known(_ region: String) -> String {
        let upper = region.uppercased()
        return upper.utf8.count == 2 && rapport_phone_knows_region(upper) == 1 ? upper : noRegion
    }

    private static func read(_ text: String, region: String) -> Reading {
        var room = [CChar](repeating: 0, count: Int(RAPPORT_PHONE_ROOM))
        var isValid: CInt = 0
        let result = rapport_phone_e164(text, text.utf8.count, region, &room, &isValid)
        let number = String(decoding: room.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return Reading(result: result, e164: number, isValid: isValid == 1)
    }

    private static func error(_ result: rapport_phone_result, hasRegion: Bool) -> AddressError {
        switch result {
        case RAPPORT_PHONE_COUNTRY_CODE where !hasRegion:
            AddressError(.number, "the number has no country code, and no region is known to read it by")
        case RAPPORT_PHONE_COUNTRY_CODE: AddressError(.number, "no country has the number's country code")
        case RAPPORT_PHONE_TOO_SHORT: AddressError(.number, "the number is too short")
        case RAPPORT_PHONE_TOO_LONG: AddressError(.number, "the number is too long")
        case RAPPORT_PHONE_LENGTH: AddressError(.number, "no number of its country has as many digits")
        case RAPPORT_PHONE_LOCAL_ONLY: AddressError(.number, "the number lacks its area code")
        case RAPPORT_PHONE_SHORT_CODE: AddressError(.number, "the number is a short code, not a subscriber's number")
        case RAPPORT_PHONE_EXTENSION: AddressError(.number, "the number has an extension, which E.164 can't say")
        default: AddressError(.number, "the text is not a telephone number")
        }
    }
}
