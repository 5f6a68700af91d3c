extension String {
    /// With every NUL replaced by U+FFFD: PostgreSQL and C strings end there. The raw payload keeps what came.
    package var withoutNUL: String {
        guard utf8.contains(0) else { return self }
        return String(
            String.UnicodeScalarView(unicodeScalars.map { $0.value == 0 ? Unicode.Scalar(0xFFFD) ?? $0 : $0 }))
    }
}
