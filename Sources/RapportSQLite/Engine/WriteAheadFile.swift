import CSQLite
import GRDBSQLite

/// A write-ahead log whose frames are gathered. All other files, and all else of this one, are the system's
/// (https://sqlite.org/vfs.html, section 2.2).
///
/// SQLite calls the system twice for each page. For a commit of 25 pages that is 160 microseconds of processor time,
/// and one call for all of them 25.
///
/// It lies over the memory that SQLite has for each open file; the system's file lies behind it.
struct WriteAheadFile: ~Copyable {
    private typealias Pointer = UnsafeMutablePointer<sqlite3_file>

    /// What SQLite sees of it.
    private var file: sqlite3_file
    private var frames = FrameBuffer()

    /// Makes it the way of all connections that are opened from now on.
    ///
    /// - Returns: whether there is such a way; if not, commits take longer.
    static func register() -> Bool {
        guard let vfs else { return false }
        return sqlite3_vfs_register(vfs, 1) == SQLITE_OK
    }

    private static let name: StaticString = "rapport"
    private nonisolated(unsafe) static let system = sqlite3_vfs_find(nil)

    private nonisolated(unsafe) static let vfs: UnsafeMutablePointer<sqlite3_vfs>? = {
        guard let system = Self.system else { return nil }
        let vfs = UnsafeMutablePointer<sqlite3_vfs>.allocate(capacity: 1)
        vfs.initialize(to: system.pointee)
        vfs.pointee.zName = UnsafeRawPointer(name.utf8Start).assumingMemoryBound(to: CChar.self)
        vfs.pointee.szOsFile += Int32(size)
        vfs.pointee.xOpen = { _, name, file, flags, outFlags in
            guard let system = Self.system, let file else { return SQLITE_CANTOPEN }
            guard flags & SQLITE_OPEN_WAL != 0 else { return system.pointee.xOpen(system, name, file, flags, outFlags) }
            let own = UnsafeMutableRawPointer(file).bindMemory(to: Self.self, capacity: 1)
            own.initialize(to: Self(file: sqlite3_file(pMethods: nil)))
            let code = system.pointee.xOpen(system, name, behind(file), flags, outFlags)
            // What has methods is closed some time.
            if code == SQLITE_OK { file.pointee.pMethods = UnsafePointer(methods) }
            return code
        }
        return vfs
    }()

    private nonisolated(unsafe) static let methods: UnsafeMutablePointer<sqlite3_io_methods> = {
        var all = sqlite3_io_methods()
        all.iVersion = 1
        all.xClose = { file in
            let code = call(file) { frames, system, methods in
                let code = frames.flush(writing(to: system))
                return max(code, methods.pointee.xClose(system))
            }
            if let file { own(file).deinitialize(count: 1) }
            return code
        }
        all.xWrite = { file, bytes, count, offset in
            call(file) { frames, system, _ in
                frames.write(UnsafeRawBufferPointer(start: bytes, count: Int(count)), at: offset, writing(to: system))
            }
        }
        all.xRead = { file, bytes, count, offset in
            call(file) { frames, system, methods in
                // An error of any other kind would not take back the transaction that has lost its frames.
                guard frames.flush(writing(to: system)) == SQLITE_OK else { return SQLITE_IOERR }
                return methods.pointee.xRead(system, bytes, count, offset)
            }
        }
        all.xSync = { file, flags in flushed(file) { $1.pointee.xSync($0, flags) } }
        all.xTruncate = { file, size in flushed(file) { $1.pointee.xTruncate($0, size) } }
        all.xFileSize = { file, size in flushed(file) { $1.pointee.xFileSize($0, size) } }
        all.xLock = { file, level in flushed(file) { $1.pointee.xLock($0, level) } }
        all.xUnlock = { file, level in flushed(file) { $1.pointee.xUnlock($0, level) } }
        all.xCheckReservedLock = { file, result in flushed(file) { $1.pointee.xCheckReservedLock($0, result) } }
        all.xFileControl = { file, code, argument in call(file) { $2.pointee.xFileControl($1, code, argument) } }
        all.xSectorSize = { call($0) { $2.pointee.xSectorSize($1) } }
        all.xDeviceCharacteristics = { call($0) { $2.pointee.xDeviceCharacteristics($1) } }
        let methods = UnsafeMutablePointer<sqlite3_io_methods>.allocate(capacity: 1)
        methods.initialize(to: all)
        return methods
    }()

    private static let size = (MemoryLayout<Self>.size + 15) / 16 * 16

    private static func own(_ file: Pointer) -> UnsafeMutablePointer<Self> {
        UnsafeMutableRawPointer(file).assumingMemoryBound(to: Self.self)
    }

    private static func behind(_ file: Pointer) -> Pointer {
        (UnsafeMutableRawPointer(file) + size).assumingMemoryBound(to: sqlite3_file.self)
    }

    private static func call(
        _ file: Pointer?, _ body: (inout FrameBuffer, Pointer, UnsafePointer<sqlite3_io_methods>) -> Int32
    ) -> Int32 {
        guard let file, let methods = behind(file).pointee.pMethods else { return SQLITE_IOERR }
        return body(&own(file).pointee.frames, behind(file), methods)
    }

    private static func flushed(
        _ file: Pointer?, _ body: (Pointer, UnsafePointer<sqlite3_io_methods>) -> Int32
    ) -> Int32 {
        call(file) { frames, system, methods in
            let code = frames.flush(writing(to: system))
            return code == SQLITE_OK ? body(system, methods) : code
        }
    }

    private static func writing(to system: Pointer) -> FrameBuffer.Write {
        { bytes, offset in
            system.pointee.pMethods.pointee.xWrite(system, bytes.baseAddress, Int32(bytes.count), offset)
        }
    }
}
