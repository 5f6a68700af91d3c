import Foundation

/// What the kernel says of a running process.
package struct ProcessFigures: Sendable {
    /// The most memory it ever had (VmHWM), and has now (VmRSS), in MiB.
    package var peakMemory: Int
    package var memory: Int
    package var openFiles: Int
    /// Of its own and for it in the kernel.
    package var processorSeconds: Double

    package init(of process: Int) throws {
        let status = try String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
        func mebibytes(_ name: String) -> Int {
            let line = status.split(separator: "\n").first { $0.hasPrefix(name + ":") }
            return (line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) } ?? 0) / 1024
        }
        (peakMemory, memory) = (mebibytes("VmHWM"), mebibytes("VmRSS"))
        openFiles = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/fd").count
        // The name in brackets may hold spaces; user and system time are fields 14 and 15 (proc(5)).
        let fields =
            try String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)
            .split(separator: ")").last?.split(separator: " ") ?? []
        let ticks = fields.count > 12 ? (Double(fields[11]) ?? 0) + (Double(fields[12]) ?? 0) : 0
        processorSeconds = ticks / 100
    }
}
