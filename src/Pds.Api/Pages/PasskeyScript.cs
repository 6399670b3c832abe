namespace Pds.Api.Pages;

/// <summary>The one script that people meet: browsers offer passkeys to scripts only. Without it, the password way is all there is.</summary>
/// <remarks>
/// It shows what is marked <c>data-passkey-way</c> if the browser can use passkeys. A button <c>data-passkey-get</c> or <c>data-passkey-create</c> holds the options of
/// WebAuthn as JSON; when pressed, the answer goes into the field <c>credential</c> of its form, which is sent. <c>data-passkey-fault</c> is shown if nothing came of it.
/// </remarks>
internal static class PasskeyScript
{
    public const string Text = """
        (()=>{
        if(!window.PublicKeyCredential||!navigator.credentials)return;
        const bytes=t=>Uint8Array.from(atob(t.replace(/-/g,"+").replace(/_/g,"/")),c=>c.charCodeAt(0));
        const text=b=>btoa(Array.from(new Uint8Array(b),c=>String.fromCharCode(c)).join("")).replace(/\+/g,"-").replace(/\//g,"_").replace(/=+$/,"");
        const ids=list=>(list||[]).map(c=>({...c,id:bytes(c.id)}));
        const ask=async b=>{
        const d=b.dataset;
        const o=JSON.parse(d.passkeyCreate||d.passkeyGet);
        o.challenge=bytes(o.challenge);
        if(d.passkeyCreate){o.user.id=bytes(o.user.id);o.excludeCredentials=ids(o.excludeCredentials)}else o.allowCredentials=ids(o.allowCredentials);
        const c=d.passkeyCreate?await navigator.credentials.create({publicKey:o}):await navigator.credentials.get({publicKey:o});
        const r=c.response,a={clientDataJSON:text(r.clientDataJSON)};
        if(d.passkeyCreate){a.attestationObject=text(r.attestationObject);a.transports=r.getTransports?r.getTransports():[]}
        else{a.authenticatorData=text(r.authenticatorData);a.signature=text(r.signature);a.userHandle=r.userHandle?text(r.userHandle):null}
        return JSON.stringify({id:c.id,rawId:text(c.rawId),type:c.type,authenticatorAttachment:c.authenticatorAttachment||null,clientExtensionResults:c.getClientExtensionResults(),response:a});
        };
        for(const w of document.querySelectorAll("[data-passkey-way]"))w.hidden=false;
        for(const b of document.querySelectorAll("[data-passkey-get],[data-passkey-create]"))b.addEventListener("click",async()=>{
        const f=document.querySelector("[data-passkey-fault]");
        f.hidden=true;b.disabled=true;
        try{b.form.elements.namedItem("credential").value=await ask(b);b.form.submit()}
        catch{f.hidden=false;b.disabled=false}
        });
        })();
        """;
}
