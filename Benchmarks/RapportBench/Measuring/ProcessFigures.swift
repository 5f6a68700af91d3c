import Foundation
import Glibc

/// What the kernel says of a running process (proc(5)).
enum ProcessFigures {
    /// The most memory that it had resident so far, in MB.
    static func peakMemory(_ process: Int) -> Double { kilobytes("VmHWM", process) / 1000 }

    /// Resident now, in MB.
    static func memory(_ process: Int) -> Double { kilobytes("VmRSS", process) / 1000 }

    /// Seconds that its threads have run so far, those that are gone included.
    static func processorTime(_ process: Int) -> Double {
        // The name, in brackets, may contain spaces. Of what follows, utime and stime are fields 14 and 15 of the line.
        let fields = KernelFile.text("/proc/\(process)/stat").split(separator: ")").last?.split(separator: " ") ?? []
        guard fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12]) else { return 0 }
        return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    /// How often its threads have gone to sleep by themselves: as often they were woken.
    static func wakeUps(_ process: Int) -> Int {
        let threads = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/task")) ?? []
        return threads.reduce(0) { sum, thread in
            sum + Int(field("voluntary_ctxt_switches", of: "/proc/\(process)/task/\(thread)/status"))
        }
    }

    private static func kilobytes(_ name: String, _ process: Int) -> Double {
        field(name, of: "/proc/\(process)/status") * 1.024
    }

    private static func field(_ name: String, of path: String) -> Double {
        let text = KernelFile.text(path)
        let line = text.split(separator: "\n").first { $0.hasPrefix("\(name):") }
        let value = line?.split(separator: ":").last?.split(whereSeparator: \.isWhitespace).first
        return value.flatMap { Double($0) } ?? 0
    }
}
