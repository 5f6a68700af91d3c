import CGMime

/// GMime keeps tables that must be set up once per process; everything that calls it asks for them first.
///
/// All GMime objects are made, used and released inside one call and never shared between threads.
enum GMimeLibrary {
    private static let started: Bool = {
        g_mime_init()
        return true
    }()

    static func start() {
        _ = started
    }
}
