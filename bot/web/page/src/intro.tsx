// What stands above the first message: where one is, and things to try.
import { useDemo } from "./demo";

const TRY: Record<string, string[]> = {
  C0CALDER: ["/scope who patches the firewall?", "/scope who tests the restores?", "/engagement agreement list"],
  C0BLUE: ["/scope who backs up Microsoft 365?", "/engagement check", "/renewals"],
  C0HELP: ["/scope calder who answers at night?", "/engagement client list", "/renewals"],
  C0VENDOR: ["/scope calder who patches the firewall?", "/engagement client list"],
};

interface Props {
  place: string;
  title: string;
  prompts: { title: string; message: string }[];
  take: (draft: string) => void;
}

export function Intro({ place, title, prompts, take }: Props) {
  const { viewer } = useDemo();
  const isDirect = place.startsWith("D");
  const listed = isDirect
    ? prompts.map((each) => ({ label: each.title, text: each.message }))
    : (TRY[place] ?? []).map((text) => ({ label: text, text }));
  return (
    <section className="intro" aria-label="About this conversation">
      <h2>{isDirect ? "You and engagement" : title}</h2>
      <p>
        You are {viewer.name}
        {viewer.about && `, ${viewer.about}`}. {isDirect ? "Ask in plain words, or begin with one of these:" : "Type as you would in Slack, or begin with one of these:"}
      </p>
      <p className="tries">
        {listed.map((each) => (
          <button key={each.text} type="button" className="try" onClick={() => take(each.text)}>
            {each.label}
          </button>
        ))}
      </p>
      {!isDirect && <p>At the top, let a day pass, or become somebody else: a manager, an admin, a guest.</p>}
    </section>
  );
}
