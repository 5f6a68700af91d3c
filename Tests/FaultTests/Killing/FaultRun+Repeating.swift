import Testing

extension FaultRun {
    /// What to set to see a failure again; stands in the comments of what is expected, so that a failed run names it.
    static var again: Comment { "RAPPORT_SEED=\(seed)" }
}
