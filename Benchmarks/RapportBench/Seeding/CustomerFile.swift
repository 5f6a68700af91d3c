/// Numbered customers as the CSV file that `rapport customer import` takes.
enum CustomerFile {
    static func text(_ numbers: some Sequence<Int>) -> String {
        var text = "id,name,email,language,timeZone,owner,tags,consents,city\n"
        for customer in numbers.lazy.map(BenchCustomer.init) {
            text +=
                "\(customer.id),\(customer.name),\(customer.mailbox),en,\(customer.timeZone),\(customer.owner),bench,"
            text += "offers:email:granted:2026-01-05T10:00:00Z,\(customer.city)\n"
        }
        return text
    }
}
