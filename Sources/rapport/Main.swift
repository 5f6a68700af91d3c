import ArgumentParser
import RapportCLI

@main
enum Main {
    static func main() async {
        await RapportCommand.main()
    }
}
