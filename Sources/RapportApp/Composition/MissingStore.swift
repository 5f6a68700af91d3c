/// There is no store where the configuration says: it was never made, or the path is mistyped.
package struct MissingStore: Error, CustomStringConvertible {
    package var path: String

    package var description: String { "there is no store at \(path); ‘rapport serve’ makes one" }
}
