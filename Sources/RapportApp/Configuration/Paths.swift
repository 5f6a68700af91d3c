import Foundation

enum Paths {
    /// A path of the configuration: absolute ones stay, others start from its folder.
    static func resolve(_ path: String, in folder: String) -> String {
        path.hasPrefix("/") ? path : URL(filePath: folder).appending(path: path).standardizedFileURL.path
    }

    /// The file that a path leads to over links; where there is none, the path.
    static func real(_ path: String) -> String {
        guard let real = realpath(path, nil) else { return path }
        defer { free(real) }
        return String(cString: real)
    }
}
