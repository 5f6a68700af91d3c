import Foundation
import RapportSMS
import RapportTestSupport
import Testing

@Suite("The length of a text message") struct SMSLengthTests {
    private func cases(_ section: String, _ list: String = "cases") throws -> [[String: Any]] {
        let data = Data(try Fixtures.bytes("text-vectors.json"))
        let all = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        let section = try #require(all[section] as? [String: Any])
        return try #require(section[list] as? [[String: Any]])
    }

    @Test("agrees with Twilio's segment calculator", .enabled(if: Fixtures.isPresent))
    func twilio() throws {
        let vectors = try cases("sms_segments_twilio")
        #expect(vectors.count > 30)
        for vector in vectors {
            let body = try #require(vector["body"] as? String)
            let length = SMSLength(of: body)
            let label = vector["testDescription"] as? String ?? ""
            #expect(length.encoding.rawValue == vector["encoding"] as? String, "\(label)")
            #expect(length.segments == vector["segments"] as? Int, "\(label)")
            if let bits = vector["messageSize"] as? Int {
                #expect(length.units * (length.encoding == .gsm7 ? 7 : 16) == bits, "\(label)")
            }
        }
    }

    @Test("agrees with gocommon's counter", .enabled(if: Fixtures.isPresent))
    func nyaruka() throws {
        let vectors = try cases("sms_segments_nyaruka")
        #expect(vectors.count > 10)
        for vector in vectors {
            let text = try #require(vector["text"] as? String)
            #expect(SMSLength(of: text).segments == vector["segments"] as? Int, "\(text)")
        }
    }

    /// `decode_bad` is not run: Kannel hands text over decoded. `encode_unmappable` puts `?` for what GSM-7 has not;
    /// we send such a text in UCS-2, whole.
    @Test("encodes the GSM-7 alphabet as gocommon does", .enabled(if: Fixtures.isPresent))
    func encode() throws {
        for vector in try cases("gsm7_encode") {
            let text = try #require(vector["text"] as? String)
            let hex = GSM7.encode(text)?.map { String(format: "%02x", $0) }.joined()
            #expect(hex == vector["hex"] as? String, "\(text)")
        }
        for vector in try cases("gsm7_encode", "encode_unmappable") {
            #expect(GSM7.encode(try #require(vector["text"] as? String)) == nil)
        }
    }

    @Test("knows all 127 characters and 10 extensions of the alphabet, and the escape as none of them")
    func alphabet() {
        let scalars = (0...0xFFFF).compactMap { Unicode.Scalar($0) }
        #expect(scalars.filter { GSM7.codes(of: $0)?.count == 1 }.count == 127)
        #expect(scalars.filter { GSM7.codes(of: $0)?.count == 2 }.count == 10)
        #expect(GSM7.codes(of: "\u{1B}") == nil)
    }

    @Test(
        "never parts an escape or a surrogate pair",
        arguments: [
            // 152 septets, then an escape that would straddle the end of the first segment.
            (String(repeating: "a", count: 152) + "€" + String(repeating: "a", count: 152), 306, 3),
            (String(repeating: "a", count: 153) + "€" + String(repeating: "a", count: 151), 306, 2),
            // 66 units, then a pair that would straddle it.
            (String(repeating: "你", count: 66) + "😜" + String(repeating: "你", count: 66), 134, 3),
            (String(repeating: "你", count: 67) + "😜" + String(repeating: "你", count: 65), 134, 2),
            ("", 0, 1),
        ])
    func boundaries(text: String, units: Int, segments: Int) {
        #expect(SMSLength(of: text).units == units)
        #expect(SMSLength(of: text).segments == segments)
    }
}
