import Testing

@testable import RapportHub

@Suite("A file of comma-separated values") struct CSVTableTests {
    /// Each row as its line and its cells in the order of the columns, or its line and `bad`.
    private func rows(_ text: String) -> [String] {
        var table = CSVTable(text: text)
        var rows: [String] = []
        while let row = table.next() {
            let cells = (try? row.cells.get()).map { cells in
                table.header.map { cells[$0] ?? "?" }.joined(separator: "|")
            }
            rows.append("\(row.line): \(cells ?? "bad")")
        }
        return rows
    }

    @Test(
        "has cells with what quotes allow, and rows of any line break",
        arguments: [
            ("a,b\n1,2\n", ["2: 1|2"]), ("\u{FEFF}a,b\r\n1,2\r\n3,4", ["2: 1|2", "3: 3|4"]),
            ("a;b\n1;2,5\n", ["2: 1|2,5"]),
            ("a\tb\n1\t\n", ["2: 1|"]), ("a,b\n\"x, \"\"y\"\"\",2\n", ["2: x, \"y\"|2"]),
            ("a,b\n\"one\ntwo\r\nthree\",2\n3,4\n", ["2: one\ntwo\r\nthree|2", "5: 3|4"]),
            ("a,b\n\"\",\"\"\n", ["2: |"]),
            ("a,b", []), ("", []),
        ])
    func cells(text: String, expected: [String]) {
        #expect(rows(text) == expected)
    }

    @Test(
        "loses one row only to whatever is wrong with it",
        arguments: [
            ("a,b\n\"1,2\n3,4\n5,6\n", ["2: bad", "3: 3|4", "4: 5|6"]),
            ("a,b\n\"1,2\n3,4\n\"5\",6\n7,\"8\"\n", ["2: bad", "3: 3|4", "4: 5|6", "5: 7|8"]),
            ("a,b\n5\" pipe,2\n3,4\n", ["2: bad", "3: 3|4"]), ("a,b\n\"x\"y,2\n3,4\n", ["2: bad", "3: 3|4"]),
            ("a,b\n1,2,3\n3,4\n", ["2: bad", "3: 3|4"]), ("a,b\n1\n3,4\n", ["2: 1|", "3: 3|4"]),
            ("a,b\n\"1\n2\",3,4\n5,6\n", ["2: bad", "3: bad", "4: 5|6"]),
        ])
    func badRows(text: String, expected: [String]) {
        #expect(rows(text) == expected)
    }

    @Test(
        "gives each row as it stands in the file, whether it can be read or not",
        arguments: [
            ("a,b\n\"x, \"\"y\"\"\",2\n", ["\"x, \"\"y\"\"\",2"]),
            ("a,b\n\"one\ntwo\",2\n3,4", ["\"one\ntwo\",2", "3,4"]),
            ("a;b\r\n\"one\r\ntwo\";2\r\n", ["\"one\r\ntwo\";2"]),
            ("a,b\n\"1,2\n1,2,3\n 3 ,4\n", ["\"1,2", "1,2,3", " 3 ,4"]),
        ])
    func words(text: String, expected: [String]) {
        var table = CSVTable(text: text)
        var rows: [String] = []
        while let row = table.next() { rows.append(row.text) }
        #expect(rows == expected)
        #expect(table.linesRead == table.lineCount)
    }

    @Test("skips blank lines and counts them")
    func blankLines() {
        #expect(rows("\n \na,b\n\n1,2\n   \n3,4\n\n") == ["5: 1|2", "7: 3|4"])
    }
}
