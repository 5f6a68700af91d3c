import RapportCore

extension RawAddress {
    /// What a cell of a customer file or of an audience's file says.
    ///
    /// A bare number such as `1001` is nobody's in particular: it is one of the file's own numbers, which all files share
    /// as `import/1001`, so that an audience finds whom an import brought.
    init(cell text: String, _ scheme: Address.Scheme) {
        let trimmed = text.drop { $0 == " " }
        self.init(scheme, scheme == .id && !trimmed.contains("/") ? "import/\(trimmed)" : String(trimmed))
    }
}
