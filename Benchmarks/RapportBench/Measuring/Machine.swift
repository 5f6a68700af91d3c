import Foundation

/// What the figures were measured on.
struct Machine: Codable {
    var processor: String
    var cores: Int
    var memoryGB: Int
    var system: String

    init() {
        let lines = KernelFile.text("/proc/cpuinfo").split(separator: "\n")
        let name = lines.first { $0.hasPrefix("model name") }?.split(separator: ":").last
        processor = name.map { $0.trimmingCharacters(in: .whitespaces) } ?? "unknown"
        cores = ProcessInfo.processInfo.activeProcessorCount
        memoryGB = Int((Double(ProcessInfo.processInfo.physicalMemory) / 1e9).rounded())
        system = ProcessInfo.processInfo.operatingSystemVersionString
    }
}
