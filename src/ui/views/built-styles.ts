import { css } from 'lit';

/** What the cards of built engines add to those of predicted ones. */
export const builtStyles = css`
  /* Said in words: a built engine is not told from a predicted one by colour. */
  .built-mark {
    padding: 0 5px;
    border: 1px solid var(--line-strong);
    border-radius: 3px;
    font-size: 11px;
    font-weight: 600;
    line-height: 16px;
  }
  .time {
    margin: 0;
  }
  .time strong {
    margin-right: 6px;
    font-size: 16px;
    font-weight: 600;
  }
  ol {
    margin: 0;
    padding: 0 0 0 20px;
    font-size: 12px;
    overflow-wrap: anywhere;
  }
  .said {
    font-size: 12px;
    overflow-wrap: anywhere;
  }
  #fields details {
    margin: 0;
  }
  #fields dl {
    margin-top: 6px;
  }
  .row {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 6px;
    margin: 6px 0 0;
  }
`;
