/// The pages' HTML as Mustache, and their one style sheet. No script: the page works in every reader.
enum PreferenceTemplate {
    static let style = """
        body{font:1rem/1.5 system-ui,sans-serif;margin:0 auto;max-width:34rem;padding:1rem;color:#1a1a1a;background:#fff}
        h1{font-size:1.4rem}h2{font-size:1.1rem;margin-top:2rem}
        fieldset{border:1px solid #bbb;border-radius:.4rem;margin:0 0 1rem;padding:.5rem 1rem}
        legend{font-weight:600;padding:0 .3rem;overflow-wrap:anywhere}
        label{display:block;padding:.5rem 0}input{width:1.2rem;height:1.2rem;margin-right:.6rem;vertical-align:middle}
        button{font:inherit;padding:.7rem 1.2rem;border:1px solid #555;border-radius:.4rem;background:#f2f2f2}
        button.main{background:#0b5;border-color:#083;color:#fff;width:100%}
        .stopped{background:#fdf0d5;border-radius:.4rem;padding:.7rem 1rem}
        .confirm{border:2px solid #0b5;border-radius:.4rem;padding:0 1rem}
        .saved{background:#e2f6e8;border-radius:.4rem;padding:.7rem 1rem}
        """

    static let page = """
        {{% CONTENT_TYPE:RAPPORT-HTML}}<!DOCTYPE html>
        <html lang="{{language}}"><head><meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">
        <title>{{title}}</title><style>{{{style}}}</style></head><body><main>
        <h1>{{title}}</h1>
        {{#saved}}<p class="saved" role="status">{{saved}}</p>{{/saved}}
        {{#confirmation}}<section class="confirm"><h2>{{confirmTitle}}</h2><p>{{confirmNote}}</p>
        <form method="post" accept-charset="utf-8"><input type="hidden" name="form" value="preferences">
        <ul>{{#wishes}}<li>{{wish}}<input type="hidden" name="confirm" value="{{value}}"></li>{{/wishes}}</ul>
        <p><button class="main" type="submit">{{confirm}}</button></p></form></section>{{/confirmation}}
        <form method="post" accept-charset="utf-8">
        <input type="hidden" name="form" value="preferences">
        {{#hasTopics}}<p>{{intro}}</p>{{/hasTopics}}{{^hasTopics}}<p>{{noTopics}}</p>{{/hasTopics}}
        {{#stops}}<p class="stopped">{{.}}</p>{{/stops}}
        {{#topics}}<fieldset><legend>{{title}}</legend>
        {{#choices}}<input type="hidden" name="shown" value="{{shown}}">
        <label><input type="checkbox" name="allow" value="{{value}}"{{#checked}} checked{{/checked}}>{{channel}}</label>
        {{/choices}}</fieldset>
        {{/topics}}
        <h2>{{pauseTitle}}</h2>
        {{#paused}}<p>{{pausedUntil}} <strong>{{date}}</strong></p>{{/paused}}
        {{#pauses}}<label><input type="radio" name="pause" value="{{value}}"{{#checked}} checked{{/checked}}>{{title}}\
        </label>
        {{/pauses}}
        <p><button class="main" type="submit">{{save}}</button></p></form>
        <h2>{{nothingTitle}}</h2><p>{{nothingNote}}</p>
        <form method="post" accept-charset="utf-8">
        <input type="hidden" name="form" value="preferences"><input type="hidden" name="all" value="off">
        <p><button type="submit">{{nothing}}</button></p></form>
        </main></body></html>

        """

    /// The same for a wrong token, a forged one and a customer who is gone, so that nobody learns which it was.
    static let notFound = """
        <!DOCTYPE html>
        <html lang="en"><head><meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">
        <title>Not found · 找不到页面</title><style>\(style)</style></head><body><main>
        <h1>This link doesn’t work.</h1><p>Please use the link in the latest message that you got from us.</p>
        <h1 lang="zh">此链接无效。</h1><p lang="zh">请使用您最近收到的信息中的链接。</p>
        </main></body></html>

        """
}
