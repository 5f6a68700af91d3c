import Dispatch
import Foundation
import RapportHostileParsers

// libFuzzer's own `main` under our name, so that the parser is chosen before it starts:
//
//     RAPPORT_FUZZ_TARGET=mime rapport-fuzz CORPUS... -max_total_time=60
//
// `--list` names the parsers; `--seed FOLDER SHARED` writes a parser's samples, its dictionary and its size limit;
// `--grow` measures how its work grows with its input.

@_silgen_name("LLVMFuzzerRunDriver")
func runFuzzer(
    _ count: UnsafeMutablePointer<CInt>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ one: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

let chosen = ProcessInfo.processInfo.environment["RAPPORT_FUZZ_TARGET"]

if CommandLine.arguments.dropFirst().first == "--list" {
    for parser in HostileParser.all { print(parser.name) }
    exit(0)
}
guard let parser = HostileParser.all.first(where: { $0.name == chosen }) else {
    print("rapport-fuzz: set RAPPORT_FUZZ_TARGET to one of", HostileParser.all.map(\.name).joined(separator: " "))
    exit(2)
}
if CommandLine.arguments.count == 4, CommandLine.arguments[1] == "--seed" {
    try Seeds(parser: parser, shared: CommandLine.arguments[3]).write(to: CommandLine.arguments[2])
    exit(0)
}

if CommandLine.arguments.dropFirst().first == "--grow" {
    try await Growth(parser: parser).run()
    exit(0)
}

/// The fuzzer asks on the main thread; parsers run where a hub runs them, on the threads of its tasks.
let underTest = parser
var count = CommandLine.argc
var arguments = CommandLine.unsafeArgv
exit(
    runFuzzer(&count, &arguments) { bytes, size in
        let input = [UInt8](UnsafeBufferPointer(start: bytes, count: size))
        let done = DispatchSemaphore(value: 0)
        Task.detached {
            do throws(BrokenPromise) {
                try await underTest.run(input)
            } catch {
                fatalError("broken promise: \(error)")
            }
            done.signal()
        }
        done.wait()
        return 0
    })
