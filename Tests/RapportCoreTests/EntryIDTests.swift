import Testing

@testable import RapportCore

@Suite("Names of suppressions and of entries in the consent ledger")
struct EntryIDTests {
    @Test(
        "are read as they are written",
        arguments: [EntryID(position: 17), EntryID(position: 17, ordinal: 2), EntryID(position: 0)])
    func taken(id: EntryID) {
        #expect(EntryID(id.text("s"), prefix: "s") == id)
    }

    @Test(
        "are none with another letter, or written in another way",
        arguments: [
            "", "s", "17", "k17", "S17", "s17.", "s17.0", "s.2", "s17.2.1", "s017", "s+17", "s-17", "s17.-2", "s 17",
            "s17 ", "s99999999999999999999",
        ])
    func refused(text: String) {
        #expect(EntryID(text, prefix: "s") == nil)
    }
}
