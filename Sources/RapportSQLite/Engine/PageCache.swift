/// How much of the file a connection keeps in its own memory. Behind all of them is the kernel's cache.
enum PageCache {
    /// SQLite gives pages this number for a moment while it divides one, and searches the whole cache for those behind the
    /// file's end when the transaction ends, unless the file is longer than that (1 GiB).
    private static let passingNumber: Int64 = 262_145

    /// - Parameter pages: of the file; a store that outgrows the limit gets the larger cache at the next start.
    static func kibibytes(isReadonly: Bool, pages: Int64) -> Int {
        // A reader's cache is void after each commit of the writer.
        if isReadonly { return 4_096 }
        // In a large file every event needs pages that are far from those of the last one.
        return pages > passingNumber ? 32_768 : 8_192
    }
}
