import Foundation

enum Paths {
    /// A path of the configuration: absolute ones stay, others start from its folder.
    static func resolve(_ path: String, in folder: String) -> String {
        path.hasPrefix("/") ? path : URL(filePath: folder).appending(path: path).standardizedFileURL.path
    }
}
