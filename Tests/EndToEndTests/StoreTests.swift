import Foundation
import RapportTestServers
import Testing

@Suite("The store of a hub", .takesPlace, .timeLimit(.minutes(5)))
struct StoreTests {
    @Test("that somebody has changed behind the log is told by the table, and mended by following the log again")
    func rebuild() async throws {
        var setup = try HubSetup()
        setup.sendsToSandbox()
        try await Hub.with(setup) { hub in
            try await hub.importCustomers(["crm/1,Ana,ana@good.test,,,,,"])
            #expect(try await hub.installation.run(["rebuild", "--verify"]).status == .exited(0))
            let database = hub.folder.path("data/rapport.db")
            try await ChildCommand(
                "sqlite3", [database, "PRAGMA busy_timeout = 10000; UPDATE customer SET name = 'Bob'"]
            ).check()
            let verified = try await hub.installation.run(["rebuild", "--verify"])
            #expect(verified.status == .exited(1))
            #expect(verified.output.contains("customer c1\n"), "\(verified.output)")
            #expect(try await hub.customer("crm/1")["name"].text == "Bob", "comparing changes nothing")
            try await hub.command(["rebuild"])
            #expect(try await hub.installation.run(["rebuild", "--verify"]).status == .exited(0))
            #expect(try await hub.customer("crm/1")["name"].text == "Ana")
        }
    }

    @Test("goes back to a backup after a kill, with nothing of what came since, which is kept; not while its hub runs")
    func restore() async throws {
        try await Hub.with(try HubSetup()) { hub in
            try await hub.importCustomers(["crm/1,Ana,ana@good.test,,,,,"])
            try await hub.command(["backup", "copy.db"])
            try await hub.importCustomers(["crm/2,Bo,bo@good.test,,,,,"])
            let refused = try await hub.installation.run(["restore", "copy.db"])
            #expect(refused.status == .exited(2))
            #expect(refused.errors.contains("another hub is running on this store; stop it first"), "\(refused.errors)")
            try await hub.process.kill()
            let restored = try #require(try await hub.rows(["restore", "copy.db"]).first)
            #expect(restored["position"].int == 1)
            #expect(restored["paused"].list.isEmpty)
            let kept = try #require(restored["kept"].text)
            let customers = try await ChildCommand(
                "sqlite3", [kept, "SELECT name FROM customer ORDER BY id"]
            ).check()
            #expect(customers.output == "Ana\nBo\n")
            try await hub.start()
            #expect(try await hub.customer("crm/1")["name"].text == "Ana")
            #expect(try await !hub.installation.run(["customer", "show", "crm/2"]).succeeded)
        }
    }

    @Test(
        "is not begun anew where putting a backup back was cut off, until that is done",
        arguments: [["serve"], ["status"]])
    func halfRestored(command: [String]) async throws {
        try await Hub.with(try HubSetup()) { hub in
            try await hub.importCustomers(["crm/1,Ana,ana@good.test,,,,,"])
            try await hub.command(["backup", "copy.db"])
            #expect(try await hub.process.terminate() == .exited(0))
            // What a kill leaves between the two renamings.
            let path = hub.folder.path("data/rapport.db")
            try FileManager.default.moveItem(atPath: path, toPath: path + ".before-1")
            try Data().write(to: URL(filePath: path + ".restoring"))
            let refused = try await hub.installation.run(command)
            #expect(!refused.succeeded)
            #expect(refused.errors.contains("putting a backup back was cut off"), "\(refused.errors)")
            #expect(!FileManager.default.fileExists(atPath: path))
            try await hub.command(["restore", "copy.db"])
            try await hub.start()
            #expect(try await hub.customer("crm/1")["name"].text == "Ana")
        }
    }

    @Test("is one hub's: the second refuses to start, and the first goes on")
    func second() async throws {
        try await Hub.with(try HubSetup()) { hub in
            let other = try HubSetup()
            let installation = try RapportInstallation(
                configuration: other.configuration.replacing(
                    "sqlite:data/rapport.db", with: "sqlite:" + hub.folder.path("data/rapport.db")),
                environment: other.environment)
            try installation.folder.write(other.policy, to: "policy.yaml")
            let second = try await installation.run(["serve"])
            #expect(second.status == .exited(2))
            #expect(
                second.errors.contains("another hub is running on this store; stop it first"), "\(second.errors)")
            #expect(try await LoopbackHTTP.get("/readyz", port: hub.port).status == 200)
        }
    }

    @Test(
        "is nobody's when its hub can't listen, because the port is another hub's: it refuses to start and says where",
        arguments: [true, false])
    func samePort(isMail: Bool) async throws {
        var setup = try HubSetup()
        setup.takesMail()
        try await Hub.with(setup) { hub in
            var other = try HubSetup()
            other.takesMail()
            let (port, taken) = isMail ? (other.mailPort, setup.mailPort) : (other.port, setup.port)
            let installation = try RapportInstallation(
                configuration: other.configuration.replacing("127.0.0.1:\(port)", with: "127.0.0.1:\(taken)"),
                environment: other.environment)
            try installation.folder.write(other.policy, to: "policy.yaml")
            let second = try await installation.run(["serve"])
            #expect(second.status == .exited(2))
            let expected = "rapport: can’t listen on 127.0.0.1:\(taken): address already in use"
            #expect(second.errors.contains(expected), "\(second.errors)")
            // It leaves nobody behind who looks like a hub that runs.
            let status = try JSON(try await installation.run(["status", "--json"]).output)
            #expect(status["health"].text == "down" && status["node"] == .null)
            #expect(try await LoopbackHTTP.get("/readyz", port: hub.port).status == 200)
        }
    }

    @Test("has a mail from a file once, however often the file is taken in")
    func ingest() async throws {
        var setup = try HubSetup()
        setup.takesMail()
        try await Hub.with(setup) { hub in
            for name in ["one", "two"] {
                try hub.folder.write(
                    "From: ana@good.test\nTo: desk@hub.test\nMessage-ID: <\(name)@good.test>\n\nHello \(name)\n",
                    to: "mails/\(name).eml")
            }
            for new in [2, 0] {
                let said = try #require(try await hub.rows(["ingest", "mail", hub.folder.path("mails")]).first)
                #expect(said["mails"].int == 2 && said["new"].int == new && said["repetitions"].int == 2 - new)
                #expect(try await hub.interactions(kind: "message.received").count == 2)
            }
        }
    }

    @Test("is told of by name what of a folder of mails could not be read, and has the rest")
    func unreadableMail() async throws {
        var setup = try HubSetup()
        setup.takesMail()
        try await Hub.with(setup) { hub in
            try hub.folder.write("From: ana@good.test\nTo: desk@hub.test\n\nHello\n", to: "mails/one.eml")
            // It opens like a file, and fails when it is read.
            try hub.folder.write("", to: "mails/two.eml/within")
            let said = try await hub.installation.run(["ingest", "mail", hub.folder.path("mails")])
            #expect(said.status == .exited(1))
            #expect(said.errors.contains("mails/two.eml: could not be read to its end"), "\(said.errors)")
            #expect(try await hub.interactions(kind: "message.received").count == 1)
        }
    }

    @Test("keeps a mail that can't be read, word for word, and its sender is told that it has arrived")
    func unparsed() async throws {
        var setup = try HubSetup()
        setup.takesMail()
        try await Hub.with(setup) { hub in
            let replies = try await SMTPDialogue.submit(
                port: setup.mailPort, from: "ana@good.test", to: ["desk@hub.test"], mail: "no mail at all\n", lmtp: true
            )
            #expect(replies.last?.hasPrefix("250 ") == true, "\(replies)")
            let rows = try await hub.interactions()
            #expect(rows.map { $0["kind"].text } == ["unparsed"])
            let payload = try await ChildCommand(
                "sqlite3", [hub.folder.path("data/rapport.db"), "SELECT CAST(bytes AS TEXT) FROM payload"]
            ).check()
            #expect(payload.output.replacing("\r\n", with: "\n") == "no mail at all\n\n\n")
        }
    }

    @Test("is cleared of an erased customer's words by the next hub, when an erasure was cut off")
    func erasure() async throws {
        var setup = try HubSetup()
        setup.takesMail()
        try await Hub.with(setup) { hub in
            try await hub.importCustomers(["crm/1,Ana,ana@other.test,,,,,"])
            _ = try await SMTPDialogue.submit(
                port: setup.mailPort, from: "ana@good.test", to: ["desk@hub.test"], mail: "no mail at all\n", lmtp: true
            )
            let row = try #require(try await hub.interactions(kind: "unparsed").first)
            #expect(row["customer"] == .null && row["from"].text == "ana@good.test")
            try await hub.process.kill()
            // What the transaction leaves that erases the customer.
            let pending = """
                INSERT INTO erasure SELECT c.id, '["mailto:ana@good.test"]', i.position, i.position
                FROM customer c, interaction i WHERE i.customer IS NULL
                """
            try await ChildCommand("sqlite3", [hub.folder.path("data/rapport.db"), pending]).check()
            #expect(try await hub.status().json["store"]["erasuresPending"].int == 1)
            try await hub.start()
            try await Eventually.true("the erasure to be finished", log: { hub.log }) {
                try await hub.status().json["store"]["erasuresPending"].int == 0
            }
            #expect(try await hub.interactions(kind: "unparsed").first?["from"] == .null)
        }
    }
}
