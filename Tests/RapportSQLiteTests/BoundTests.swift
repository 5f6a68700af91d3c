import Testing

@testable import RapportSQLite

@Suite("Sets of values as one parameter")
struct BoundTests {
    @Test(
        "numbers are written as JSON has them, in order",
        arguments: [
            ([], "[]"), ([0], "[0]"), ([7, 10, -1, 1_234_567], "[-1,7,10,1234567]"),
            ([.min, .max], "[-9223372036854775808,9223372036854775807]"),
        ] as [([Int64], String)])
    func list(numbers: [Int64], expected: String) {
        #expect(Bound.list(numbers) == expected)
    }

    @Test("objects have numbers for keys, and texts with what they need escaped or null")
    func maps() {
        #expect(Bound.map([(3, 12), (-40, 0)]) == #"{"3":12,"-40":0}"#)
        #expect(Bound.map([(3, "a \"b\""), (4, nil)]) == #"{"3":"a \"b\"","4":null}"#)
        #expect(Bound.map([] as [(Int64, String?)]) == "{}")
    }
}
