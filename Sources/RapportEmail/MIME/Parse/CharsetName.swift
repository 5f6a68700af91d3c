/// The charsets that mails may name. Other names never reach the converter: they are a sender's words.
enum CharsetName {
    /// The converter's name for a charset that a mail declares: its superset where programs write one name and mean
    /// the other (WHATWG's Encoding Standard, section 4.2). `nil` for unknown ones, and for what is no name at all.
    static func canonical(_ declared: String) -> String? {
        guard let declared = MailToken.charset(declared) else { return nil }
        var name = declared.filter { !$0.isWhitespace && $0 != "\"" && $0 != "'" }
        if let star = name.firstIndex(of: "*") { name.removeSubrange(star...) }
        if name.hasPrefix("x-") { name.removeFirst(2) }
        if let known = names[name] { return known }
        let digits = String(name.reversed().prefix { $0.isASCII && $0.isNumber }.reversed())
        switch name.dropLast(digits.count) {
        case "windows-", "cp", "cp-", "win-", "win", "ms":
            return (1250...1258).contains(Int(digits) ?? 0) ? "CP\(digits)" : codePages[digits]
        case "ibm", "ibm-": return codePages[digits]
        case "iso-8859-", "iso8859-", "iso_8859-", "iso8859_", "8859-", "iso-8859":
            return (1...16).contains(Int(digits) ?? 0) && digits != "12" ? latin(digits) : nil
        default: return nil
        }
    }

    /// Whether every byte of it is a character by itself, so that any text can be read as it without complaint.
    static func isSingleByte(_ canonical: String) -> Bool {
        ["CP125", "ISO-8859", "KOI8", "IBM", "CP8", "MAC", "TIS", "VISCII"].contains { canonical.hasPrefix($0) }
    }

    private static func latin(_ digits: String) -> String {
        switch digits {
        case "1": "CP1252"
        case "9": "CP1254"
        case "11": "CP874"
        default: "ISO-8859-\(digits)"
        }
    }

    private static let codePages = [
        "437": "IBM437", "850": "IBM850", "852": "IBM852", "855": "IBM855", "862": "IBM862", "866": "IBM866",
        "874": "CP874", "932": "CP932", "936": "GB18030", "949": "UHC", "950": "BIG5-HKSCS",
    ]

    private static let names = [
        "us-ascii": "US-ASCII", "ascii": "US-ASCII", "ansi_x3.4-1968": "US-ASCII", "iso646-us": "US-ASCII",
        "utf-8": "UTF-8", "utf8": "UTF-8", "unicode-1-1-utf-8": "UTF-8", "utf-7": "UTF-7",
        "unicode-1-1-utf-7": "UTF-7", "utf-16": "UTF-16", "utf-16le": "UTF-16LE", "utf-16be": "UTF-16BE",
        "gb2312": "GB18030", "gb_2312-80": "GB18030", "gb_2312": "GB18030", "euc-cn": "GB18030", "gbk": "GB18030",
        "gb18030": "GB18030", "gb-18030": "GB18030", "chinese": "GB18030", "big5": "BIG5-HKSCS",
        "big-5": "BIG5-HKSCS", "big5-hkscs": "BIG5-HKSCS", "big5hkscs": "BIG5-HKSCS", "cn-big5": "BIG5-HKSCS",
        "euc-tw": "EUC-TW", "iso-2022-jp": "ISO-2022-JP", "iso-2022-jp-1": "ISO-2022-JP",
        "iso-2022-jp-2": "ISO-2022-JP-2", "iso-2022-jp-ms": "ISO-2022-JP", "cp50220": "ISO-2022-JP",
        "cp50221": "ISO-2022-JP", "iso-2022-kr": "ISO-2022-KR", "iso-2022-cn": "ISO-2022-CN", "shift_jis": "CP932",
        "shift-jis": "CP932", "sjis": "CP932", "ms_kanji": "CP932", "windows-31j": "CP932", "euc-jp": "EUC-JP-MS",
        "eucjp": "EUC-JP-MS", "euc-kr": "UHC", "euckr": "UHC", "ks_c_5601-1987": "UHC", "ks_c_5601": "UHC",
        "ksc5601": "UHC", "korean": "UHC", "uhc": "UHC", "johab": "JOHAB", "koi8-r": "KOI8-R", "koi8r": "KOI8-R",
        "koi8": "KOI8-R", "koi8-u": "KOI8-U", "koi8-ru": "KOI8-U", "latin1": "CP1252", "latin-1": "CP1252",
        "l1": "CP1252", "latin2": "ISO-8859-2", "latin5": "CP1254", "latin9": "ISO-8859-15",
        "macintosh": "MACINTOSH", "mac": "MACINTOSH", "mac-roman": "MACINTOSH", "mac-cyrillic": "MAC-CYRILLIC",
        "tis-620": "CP874", "tis620": "CP874", "viscii": "VISCII",
    ]
}
