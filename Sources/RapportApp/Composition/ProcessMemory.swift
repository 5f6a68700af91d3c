import CMalloc

/// How this process keeps memory that it has freed.
enum ProcessMemory {
    /// Lets every thread's heap keep a few megabytes that it has freed.
    ///
    /// A hub works in batches on many threads: glibc would give a heap's end back to the system after each batch
    /// (from 128 KiB on), which interrupts all processors, and fetch it anew, zeroed, for the next one. That took a
    /// third of the time of a webhook. What is large by itself (a mail of megabytes) is mapped apart and given back at once.
    static func keepFreedBatches() {
        mallopt(M_TRIM_THRESHOLD, 8 << 20)
        mallopt(M_MMAP_THRESHOLD, 1 << 20)
    }
}
