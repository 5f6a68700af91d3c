import Hummingbird
import RapportChannels
import RapportCore
import RapportHub
import RapportLog

/// `/v1/campaigns`: how they stand, and their course. What is sent, and to whom, is decided at the command line, where the
/// folder with the templates is.
struct CampaignRoutes {
    let services: HubServices

    func add(to api: RouterGroup<HubRequestContext>) {
        api.get("campaigns") { request, context in
            _ = try context.caller(for: .read)
            let limit = try QueryReader(request, known: ["limit"]).limit(default: 100, maximum: 1000)
            let found = try await services.store.campaigns(limit: limit)
            return Response(status: .ok, json: .fields([("campaigns", .array(found.map { .fields($0.fields) }))]))
        }
        api.get("campaigns/:name") { request, context in
            _ = try context.caller(for: .read)
            let key = try key(request, context: context)
            guard let found = try await services.store.campaign(key) else { throw CampaignError.unknown(key) }
            let progress = try await services.store.progress(key, at: services.clock())
            return Response(status: .ok, json: .fields(found.fields + progress.fields))
        }
        api.post("campaigns/:name/:action") { request, context in
            _ = try context.caller(for: .send)
            let key = try key(request, context: context)
            let record: CampaignRecord
            switch context.parameters.get("action") {
            case "pause": record = try await services.campaigns.pause(key)
            case "resume": record = try await services.campaigns.resume(key)
            case "cancel": record = try await services.campaigns.cancel(key)
            default: throw Problem.notFound
            }
            return Response(status: .ok, json: .fields(record.fields))
        }
    }

    private func key(_ request: Request, context: HubRequestContext) throws -> CampaignKey {
        let query = try QueryReader(request, known: ["occurrence"])
        guard let written = context.parameters.get("name"),
            let bytes = try? PercentCoding.decode(Array(written.utf8), plusIsSpace: false),
            let name = String(validating: bytes, as: UTF8.self), (1...200).contains(name.utf8.count)
        else { throw Problem.notFound }
        return CampaignKey(name: name, occurrence: try query.text("occurrence", limit: 200))
    }
}

extension CampaignRecord {
    fileprivate var fields: [(String, JSONValue?)] {
        [
            ("campaign", .string(key.name)), ("occurrence", .text(key.occurrence)), ("state", .string(state.rawValue)),
            ("class", .string(messageClass.rawValue)), ("topic", .string(topic)), ("createdAt", .time(createdAt)),
            ("startedAt", .time(startedAt)), ("finishedAt", .time(finishedAt)), ("expiresAt", .time(expiresAt)),
            ("note", .text(note)),
        ]
    }
}

extension CampaignProgress {
    fileprivate var fields: [(String, JSONValue?)] {
        [
            ("planned", .count(planned)),
            ("states", .counts(Dictionary(uniqueKeysWithValues: states.map { ($0.key.rawValue, $0.value) }))),
            ("skipped", .counts(skipped)), ("deferred", .counts(deferred)), ("failed", .counts(failed)),
            ("responded", .count(responded)), ("lastMinute", .count(lastMinute)), ("nextDue", .time(nextDue)),
        ]
    }
}
