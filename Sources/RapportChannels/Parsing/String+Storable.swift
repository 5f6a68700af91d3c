extension String {
    /// Text from outside as it may be kept and compared: without NUL, and with no more marks on one character than any
    /// language writes.
    package var storable: String { withoutNUL.streamSafe }

    /// With every NUL replaced by U+FFFD: PostgreSQL and C strings end there. The raw payload keeps what came.
    package var withoutNUL: String {
        guard utf8.contains(0) else { return self }
        return String(
            String.UnicodeScalarView(unicodeScalars.map { $0.value == 0 ? Unicode.Scalar(0xFFFD) ?? $0 : $0 }))
    }

    /// Without the marks that follow thirty others (UAX #15, section 13, Stream-Safe Text Format).
    ///
    /// To compare or to hash a text, its marks have to be put in order, which takes the square of their number: a
    /// megabyte of them would keep a processor busy for ten minutes.
    package var streamSafe: String {
        guard !isStreamSafe else { return self }
        var kept = String.UnicodeScalarView()
        var marks = 0
        for scalar in unicodeScalars {
            marks = scalar.isMark ? marks + 1 : 0
            if marks <= Self.marksInARow { kept.append(scalar) }
        }
        return String(kept)
    }

    /// Whether it has no more marks in a row than that, and can be compared and hashed in the time of its length.
    package var isStreamSafe: Bool { !mayHoldMarks || !hasTooManyMarks }

    /// The first mark is U+0300, CC 80 in UTF-8.
    private var mayHoldMarks: Bool {
        utf8.withContiguousStorageIfAvailable { $0.contains { $0 >= 0xCC } } ?? true
    }

    private static let marksInARow = 30

    private var hasTooManyMarks: Bool {
        var marks = 0
        return unicodeScalars.contains { scalar in
            marks = scalar.isMark ? marks + 1 : 0
            return marks > Self.marksInARow
        }
    }
}

extension Unicode.Scalar {
    fileprivate var isMark: Bool { value >= 0x300 && properties.canonicalCombiningClass != .notReordered }
}
