/// The names that a mail gives to its fields, media types and charsets, in lower case.
///
/// All of them are ASCII and short (RFC 5322, section 2.2; RFC 2045, section 5.1). What isn't is no such name, and is
/// refused by its bytes: to compare it or to hash it could take the square of its length, because nothing has cut the
/// marks on its characters (`streamSafe`).
enum MailToken {
    /// The name of a field; a line of 78 characters holds it with its colon and a blank (RFC 5322, section 2.1.1).
    static func field(_ text: String) -> String? {
        isPrintable(text, limit: 76) ? text.lowercased() : nil
    }

    /// Two names of 127 characters at the most and the slash between them (RFC 6838, section 4.2).
    static func mediaType(_ text: String) -> String? {
        isPrintable(text, limit: 255) ? text.lowercased() : nil
    }

    /// A charset's name with what programs write around it, such as blanks, quotes or a language. No name that is
    /// registered has more than 40 characters (RFC 2978, section 2.3).
    static func charset(_ text: String) -> String? {
        text.utf8.count <= 80 && text.utf8.allSatisfy({ $0 < 0x80 }) ? text.lowercased() : nil
    }

    private static func isPrintable(_ text: String, limit: Int) -> Bool {
        (1...limit).contains(text.utf8.count) && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }
}
