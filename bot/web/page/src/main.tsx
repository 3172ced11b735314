import { createRoot } from "react-dom/client";
import "slack-blocks-to-jsx/dist/style.css";
import "./style.css";
import { Page } from "./page";

createRoot(document.getElementById("page")!).render(<Page />);
